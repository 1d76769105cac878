package dev.gbpf.verifier.assertion;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rule that the program breaks, or that cannot be proved to hold.
 *
 * @param code the rule
 * @param index index of the instruction in the program
 * @param assertion what had to hold, as text; names registers
 * @param known what is known instead, or empty
 * @param needed what would have been enough, or empty
 * @param subject what the reasons are about, such as a register; empty without them
 * @param reasons where what is known comes from, the nearest first; empty when it needs no explanation
 * @param fault where in the graph; null when the rule is about the structure or the whole program
 */
public record Violation(
        RejectionCode code,
        int index,
        String assertion,
        String known,
        String needed,
        String subject,
        List<Reason> reasons,
        @Nullable Fault fault) {
    public Violation {
        reasons = List.copyOf(reasons);
    }

    /**
     * The place of a violation in the control-flow graph.
     *
     * @param block number of the block; of a loop without a bound its header
     * @param assertion what its state does not prove; null when it is about a loop
     */
    public record Fault(int block, @Nullable Assertion assertion) {}

    /**
     * A step of an explanation.
     *
     * @param index index of an instruction in the program
     * @param text what it has to do with what is known
     */
    public record Reason(int index, String text) {}

    public Violation(RejectionCode code, int index, String assertion, String known, String needed) {
        this(code, index, assertion, known, needed, "", List.of(), null);
    }

    /** A violation without further facts. */
    public static Violation of(RejectionCode code, int index, String assertion) {
        return new Violation(code, index, assertion, "", "");
    }

    /** The same with its place. */
    public Violation at(Fault place) {
        return new Violation(code, index, assertion, known, needed, subject, reasons, place);
    }

    /** The same with an explanation of something. */
    public Violation because(String explained, List<Reason> explanation) {
        return new Violation(code, index, assertion, known, needed, explained, explanation, fault);
    }
}
