package dev.gbpf.verifier.assertion;

import java.util.List;

/**
 * A rule that the program breaks, or that cannot be proved to hold.
 *
 * @param code the rule
 * @param index index of the instruction in the program
 * @param assertion what had to hold, as text; names registers
 * @param known what is known instead, or empty
 * @param needed what would have been enough, or empty
 * @param path the branches on a shortest way to the instruction, in order; empty when there are none or they do not matter
 * @param reasons where what is known comes from, the nearest first; empty when it needs no explanation
 */
public record Violation(
        RejectionCode code,
        int index,
        String assertion,
        String known,
        String needed,
        List<BranchStep> path,
        List<Reason> reasons) {
    public Violation {
        path = List.copyOf(path);
        reasons = List.copyOf(reasons);
    }

    /**
     * A conditional jump on the way.
     *
     * @param index index of the jump in the program
     * @param taken whether it is taken
     */
    public record BranchStep(int index, boolean taken) {}

    /**
     * A step of an explanation.
     *
     * @param index index of an instruction in the program
     * @param text what it has to do with what is known
     */
    public record Reason(int index, String text) {}

    public Violation(RejectionCode code, int index, String assertion, String known, String needed) {
        this(code, index, assertion, known, needed, List.of(), List.of());
    }

    /** A violation without further facts. */
    public static Violation of(RejectionCode code, int index, String assertion) {
        return new Violation(code, index, assertion, "", "");
    }

    /** The same with the way that leads there. */
    public Violation reachedBy(List<BranchStep> steps) {
        return new Violation(code, index, assertion, known, needed, steps, reasons);
    }

    /** The same with an explanation. */
    public Violation because(List<Reason> explanation) {
        return new Violation(code, index, assertion, known, needed, path, explanation);
    }
}
