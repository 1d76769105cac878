package dev.gbpf.object.elf;

/** Why an ELF object is refused. The codes are stable. */
public enum ElfProblem {
    /** The first bytes are not those of ELF. */
    NOT_ELF("E1101", "not an ELF file"),
    /** ELF, but for another machine, another byte order, or linked already. */
    WRONG_KIND("E1102", "not a little-endian BPF object"),
    /** An offset, a size or an index leads out of the file, or structures contradict each other. */
    DAMAGED("E1103", "damaged ELF file"),
    /** More of something than this build takes. */
    LIMIT("E1104", "over a limit"),
    /** A section whose meaning gBPF does not have. */
    SECTION("E1105", "section that gBPF does not know"),
    /** A program for a hook that does not exist. */
    UNKNOWN_HOOK("E1106", "unknown hook"),
    /** No program, two for one hook, or a program section in which none can be told. */
    PROGRAM("E1107", "no single program"),
    /** A symbol that the object uses and does not define. */
    UNDEFINED_SYMBOL("E1108", "symbol is not defined"),
    /** A relocation that has no meaning for policies. */
    RELOCATION("E1109", "relocation that gBPF does not support"),
    /** A map's definition is not understood, or out of range. */
    MAP("E1110", "bad map definition"),
    /** Type information (BTF) is missing where it is needed, or damaged. */
    BTF("E1111", "bad type information"),
    /** The bytes of a function are not instructions of RFC 9669, or jump out of the function. */
    CODE("E1112", "bad instruction"),
    /** The policy's name is no word. */
    NAME("E1113", "bad policy name"),
    /** A function is called through a pointer, or its address is stored. */
    FUNCTION_POINTER("E1114", "functions cannot be pointed to"),
    /** The code asks the loader to adapt it to a kernel's types (CO-RE). */
    CORE_RELOCATION("E1115", "CO-RE relocations are not supported"),
    /** A global variable cannot be laid out as a map. */
    DATA("E1116", "global data cannot be used"),
    /** A tail call. */
    TAIL_CALL("E1117", "tail calls are not supported"),
    /** The object was compiled against the header of a newer interface. */
    ABI_VERSION("E1118", "other version of the interface");

    private final String code;
    private final String title;

    ElfProblem(String code, String title) {
        this.code = code;
        this.title = title;
    }

    /** The code of the diagnostic, E1101 to E1118. */
    public String code() {
        return code;
    }

    /** A few words for a heading. */
    public String title() {
        return title;
    }
}
