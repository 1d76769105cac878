package dev.gbpf.asm;

/** What can be wrong with assembly source. The codes are stable. */
public enum AssemblyProblem {
    /** The text is not what is expected there. */
    SYNTAX("E0801"),
    /** A number does not fit where it stands. */
    RANGE("E0802"),
    /** A jump or call names a label that is not defined. */
    UNKNOWN_LABEL("E0803"),
    /** A label is defined twice. */
    DUPLICATE_LABEL("E0804"),
    /** Registers or widths that do not go together in one instruction. */
    OPERANDS("E0805"),
    /** The text could mean two things. */
    AMBIGUOUS("E0806");

    private final String code;

    AssemblyProblem(String code) {
        this.code = code;
    }

    /** The code of the diagnostic, E0801 to E0806. */
    public String code() {
        return code;
    }
}
