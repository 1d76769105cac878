package dev.gbpf.host.swap;

/** A limit that a trial must keep. */
public sealed interface Guard {
    /**
     * The 99th percentile of the queue wait of the canary's jobs; those that still wait count with the time so far.
     *
     * @param limitNs greatest allowed, ns
     */
    record WaitP99(long limitNs) implements Guard {}

    /**
     * The same, beside the jobs that the old image decides about.
     *
     * @param limitPercent greatest allowed part of the old image's, percent: 150 for half as much again
     */
    record WaitP99Ratio(int limitPercent) implements Guard {}

    /**
     * Rejected jobs of those whose fate the canary decided.
     *
     * @param limitThousandths greatest allowed, thousandths
     */
    record RejectionRate(int limitThousandths) implements Guard {}

    /**
     * What a policy does wrong without failing: insertions into queues that are not there, choices of empty ones.
     *
     * @param limit greatest allowed number in the window
     */
    record PolicyErrors(long limit) implements Guard {}

    /**
     * Mean time of a decision of the new image; the trial must be timed.
     *
     * @param limitNs greatest allowed, ns
     */
    record DecisionTime(long limitNs) implements Guard {}

    /**
     * The greatest number of instructions that a decision may take, as the verifier proved it; judged before the trial begins.
     *
     * @param limit greatest allowed
     */
    record Instructions(long limit) implements Guard {}

    /**
     * How many verdicts of a shadow are those of the live image.
     *
     * @param leastThousandths least allowed, thousandths
     */
    record Agreement(int leastThousandths) implements Guard {}
}
