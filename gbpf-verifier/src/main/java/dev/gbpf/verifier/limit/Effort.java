package dev.gbpf.verifier.limit;

/**
 * What an analysis used; the same for the same program, whatever the machine.
 *
 * @param steps as {@link AnalysisLimits#steps} counts them
 * @param memoryBytes the most that was held at once, as {@link AnalysisLimits#memoryBytes} counts it
 */
public record Effort(long steps, long memoryBytes) {
    /** Nothing. */
    public static final Effort NONE = new Effort(0, 0);

    /** The effort of both, one after the other. */
    public Effort then(Effort next) {
        return new Effort(steps + next.steps, Math.max(memoryBytes, next.memoryBytes));
    }
}
