package dev.gbpf.host.sim;

/**
 * How a simulation ended.
 *
 * @param outcome why it ended
 * @param explanation the outcome in a sentence, with what waits and since when
 * @param endNs virtual time at the end, ns
 * @param submitted jobs that entered
 * @param retired jobs that ran to their end, failed ones among them
 * @param rejected jobs that the plane refused
 * @param instants different virtual times at which something happened
 */
public record SimulationResult(
        Outcome outcome, String explanation, long endNs, long submitted, long retired, long rejected, long instants) {
    /** Why a simulation ended. */
    public enum Outcome {
        /** The workloads have no more jobs, and all jobs are over. */
        COMPLETED,
        /** The horizon came first. */
        TIME_LIMIT,
        /** Jobs wait, and nothing can happen or nothing happened for long. */
        STALLED
    }

    /** Jobs that entered and are not over. */
    public long unfinished() {
        return submitted - retired - rejected;
    }
}
