package dev.gbpf.verifier.cfg;

import dev.gbpf.verifier.assertion.RejectionCode;
import dev.gbpf.verifier.assertion.RejectionException;
import dev.gbpf.verifier.assertion.Violation;

/** Counts the work of one analysis, so that it ends in bounded time. Not thread-safe; each analysis has its own. */
public final class StepMeter {
    private final long limit;
    private long steps;
    private long interpreted;

    /**
     * A meter at 0.
     *
     * @param limit how many steps are allowed
     */
    public StepMeter(long limit) {
        this.limit = limit;
    }

    /**
     * Counts {@code amount} steps, taken for the instruction at {@code index}.
     *
     * @throws RejectionException when the limit is passed
     */
    public void charge(long amount, int index) {
        steps += amount;
        if (steps > limit) {
            throw new RejectionException(new Violation(
                    RejectionCode.TOO_COMPLEX,
                    index,
                    "the analysis ends within its limit",
                    "the analysis did not end in " + limit + " steps",
                    "at most " + limit + " steps"));
        }
    }

    /**
     * Counts a step for each of {@code instructions} that are interpreted, from the one at {@code index} on.
     *
     * @throws RejectionException when the limit is passed
     */
    public void interpret(int instructions, int index) {
        interpreted += instructions;
        charge(instructions, index);
    }

    /** Instructions interpreted so far, each as often as it was. */
    public long interpreted() {
        return interpreted;
    }

    /** Steps so far. */
    public long steps() {
        return steps;
    }
}
