package dev.gbpf.verifier.explain;

import dev.gbpf.verifier.assertion.Violation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be said of one violation.
 *
 * @param program what the program is called, usually its hook
 * @param shown index of the instruction whose source line is shown: that of the violation, or the test of a loop
 * @param violation the rule and the place
 * @param path the branches on a shortest way on which the rule is not proved, in order; empty when there are none or they do
 *     not matter
 * @param blocks the blocks of that way, by their numbers in the graph; empty without one
 * @param subject the register, or the bytes of the stack, whose value is at fault; empty when there is no such value
 * @param history where that value comes from, in the order of execution
 * @param fix what to change; null when there is no standard way
 */
public record Explanation(
        String program,
        int shown,
        Violation violation,
        List<BranchStep> path,
        List<Integer> blocks,
        String subject,
        List<HistoryEvent> history,
        @Nullable Fix fix) {
    public Explanation {
        path = List.copyOf(path);
        blocks = List.copyOf(blocks);
        history = List.copyOf(history);
    }

    /**
     * A conditional jump on the way.
     *
     * @param index index of the jump in the program
     * @param taken whether it is taken
     * @param reason the comparison that holds then, as {@code ctx.priority > 4}
     */
    public record BranchStep(int index, boolean taken, String reason) {}

    /**
     * Something that made the value what it is.
     *
     * @param index index of the instruction in the program
     * @param kind what happened
     * @param text in words, without the place
     */
    public record HistoryEvent(int index, Kind kind, String text) {}

    /** What happened to a value. */
    public enum Kind {
        /** It came to be: loaded, set, returned. */
        ORIGIN,
        /** It was computed from another, which the history follows. */
        COMPUTED,
        /** A branch narrowed it. */
        NARROWED,
        /** A loop changes it: at its head it is what any number of iterations make of it. */
        WIDENED,
        /** Paths meet on which it differs. */
        JOINED,
        /** Nothing gave it a value. */
        MISSING
    }
}
