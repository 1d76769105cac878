package dev.gbpf.host.vm;

/** What runs a program now. */
public enum ProgramTier {
    /** The interpreter. */
    INTERPRETER("interpreter"),
    /** Code that was made from it. */
    JIT("jit");

    private final String word;

    ProgramTier(String word) {
        this.word = word;
    }

    /** The word in metrics and on the command line. */
    public String word() {
        return word;
    }
}
