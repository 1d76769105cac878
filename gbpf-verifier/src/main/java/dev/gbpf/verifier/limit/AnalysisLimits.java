package dev.gbpf.verifier.limit;

import java.time.Duration;

/**
 * What the verifier itself may use. A program that would need more is rejected, each limit with a code of its own.
 *
 * @param steps how much work the analysis of one program may do, at least 1; an instruction that is interpreted counts 1
 * @param memoryBytes how much memory the analysis of one program may hold, at least 1; counted by a fixed price for each part
 *     of what is kept, so that the same program always counts the same
 * @param time how long one verification may take, all programs of a policy together; more than 0
 */
public record AnalysisLimits(long steps, long memoryBytes, Duration time) {
    /**
     * 16 million steps and 1 GiB, which programs of a million instructions keep to; and a minute, which the other two limits
     * mostly are reached before.
     */
    public static final AnalysisLimits DEFAULT = new AnalysisLimits(16_000_000, 1L << 30, Duration.ofMinutes(1));

    public AnalysisLimits {
        if (steps < 1 || memoryBytes < 1 || time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("analysis limits steps=" + steps + " memoryBytes=" + memoryBytes
                    + " time=" + time + " must be positive");
        }
    }

    public AnalysisLimits withSteps(long limit) {
        return new AnalysisLimits(limit, memoryBytes, time);
    }

    public AnalysisLimits withMemoryBytes(long limit) {
        return new AnalysisLimits(steps, limit, time);
    }

    public AnalysisLimits withTime(Duration limit) {
        return new AnalysisLimits(steps, memoryBytes, limit);
    }
}
