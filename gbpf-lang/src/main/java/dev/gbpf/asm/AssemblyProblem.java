package dev.gbpf.asm;

/** What can be wrong with assembly source. The codes are stable. */
public enum AssemblyProblem {
    /** The text is not what is expected there. */
    SYNTAX("E1001", "the text is not what is expected there", """
            A statement is an instruction, a label or, in a policy, a directive, one a line; the message says what could stand at the
            place. Both styles are read, LLVM's (r0 = r1) and that of mnemonics (mov %r0, %r1), one per statement.
            docs/assembly.md lists all forms.""", """
            r0 = 1 +
            exit
            """, """
            r0 = 1
            exit
            """),
    /** A number does not fit where it stands. */
    RANGE("E1002", "a number does not fit", """
            Immediates of most instructions have 32 bits and are sign-extended, offsets of memory and of jumps 16. Only a load of 64
            bits, written with ll or as lddw, has room for more. A jump that is too far takes gotol, which has 32 bits.""", """
            r0 = 0x1ffffffff
            exit
            """, """
            r0 = 0x1ffffffff ll
            exit
            """),
    /** A jump or call names a label that is not defined. */
    UNKNOWN_LABEL("E1003", "no such label", """
            A jump leads to a label of the same program, or over a number of slots (goto +3); a call leads to a label or to a helper by
            its name. Labels of one hook are not seen in another.""", """
            r0 = 0
            if r1 == 0 goto out
            r0 = 1
            exit
            """, """
            r0 = 0
            if r1 == 0 goto out
            r0 = 1
            out: exit
            """),
    /** A label is defined twice. */
    DUPLICATE_LABEL(
            "E1004",
            "a label is defined twice",
            "A label stands for one place of its program, so that a jump to it leads to one place.",
            """
            out: r0 = 0
            out: exit
            """,
            """
            start: r0 = 0
            out: exit
            """),
    /** Registers or widths that do not go together in one instruction. */
    OPERANDS("E1005", "operands do not go together", """
            r0 to r10 are the registers with all 64 bits, w0 to w10 their low halves; an instruction has one width. Some instructions
            have one field for two operands that are written apart, which must then be the same register.""", """
            w0 = r1
            exit
            """, """
            w0 = w1
            exit
            """),
    /** The text could mean two things. */
    AMBIGUOUS("E1006", "the text could mean two things", """
            010 is eight to some and ten to others; a word that is a register is no label; a label that is called like a helper could
            be either. Nothing is guessed.""", """
            r0 = 010
            exit
            """, """
            r0 = 10
            exit
            """),
    /** A word with a dot before it that is no directive. */
    UNKNOWN_DIRECTIVE("E1007", "no such directive", """
            A policy in assembly has .policy, .abi, .map, .data and .hook. Sections and alignment are matters of object files: the
            assembler sees to them.""", """
            .policy example
            .text
            .hook on_tick
            exit
            """, """
            .policy example
            .hook on_tick
            r0 = 0
            exit
            """),
    /** A map is defined wrongly or twice, or is not there. */
    MAP("E1008", "a map is wrong or not there", """
            A map has a name of its own, a kind, and sizes in bytes that suit the kind: the index of an array has 4 bytes, a ring buffer has
            neither keys nor values. What an instruction names must be defined above it. docs/bytecode.md lists the kinds.""", """
            .policy example
            .map served array key=8 value=8 entries=1
            .hook on_tick
            r0 = 0
            exit
            """, """
            .policy example
            .map served array key=4 value=8 entries=1
            .hook on_tick
            r0 = 0
            exit
            """),
    /** A part of a policy stands in the wrong place, is there twice, or is missing. */
    STRUCTURE("E1009", "a part of a policy is missing, or in the wrong place", """
            A policy begins with .policy and its name; then come maps and data, and after each .hook the program of that hook. A program
            by itself has no directives.""", """
            .policy example
            r0 = 0
            exit
            """, """
            .policy example
            .hook on_tick
            r0 = 0
            exit
            """),
    /** A program for a hook that this interface does not have. */
    UNKNOWN_HOOK(
            "E1010",
            "no such hook",
            "Programs are asked at the hooks of the interface, which docs/hooks.md lists; another name would never be asked.",
            """
            .policy example
            .hook on_retired
            """,
            """
            .policy example
            .hook on_retire
            r0 = 0
            exit
            """);

    private final String code;
    private final String title;
    private final String explanation;
    private final String wrong;
    private final String right;

    AssemblyProblem(String code, String title, String explanation, String wrong, String right) {
        this.code = code;
        this.title = title;
        this.explanation = explanation.replace('\n', ' ');
        this.wrong = wrong;
        this.right = right;
    }

    /** The code of the diagnostic, E1001 to E1010. */
    public String code() {
        return code;
    }

    /** What it is, in a few words. */
    public String title() {
        return title;
    }

    /** Why it is refused, and what the rule is, in sentences. */
    public String explanation() {
        return explanation;
    }

    /** A source that gives this problem and no other. */
    public String wrong() {
        return wrong;
    }

    /** The same, put right. */
    public String right() {
        return right;
    }
}
