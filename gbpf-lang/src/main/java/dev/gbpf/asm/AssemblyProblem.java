package dev.gbpf.asm;

/** What can be wrong with assembly source. The codes are stable. */
public enum AssemblyProblem {
    /** The text is not what is expected there. */
    SYNTAX("E1001"),
    /** A number does not fit where it stands. */
    RANGE("E1002"),
    /** A jump or call names a label that is not defined. */
    UNKNOWN_LABEL("E1003"),
    /** A label is defined twice. */
    DUPLICATE_LABEL("E1004"),
    /** Registers or widths that do not go together in one instruction. */
    OPERANDS("E1005"),
    /** The text could mean two things. */
    AMBIGUOUS("E1006"),
    /** A word with a dot before it that is no directive. */
    UNKNOWN_DIRECTIVE("E1007"),
    /** A map is defined wrongly or twice, or is not there. */
    MAP("E1008"),
    /** A part of a policy stands in the wrong place, is there twice, or is missing. */
    STRUCTURE("E1009"),
    /** A program for a hook that this interface does not have. */
    UNKNOWN_HOOK("E1010");

    private final String code;

    AssemblyProblem(String code) {
        this.code = code;
    }

    /** The code of the diagnostic, E1001 to E1010. */
    public String code() {
        return code;
    }
}
