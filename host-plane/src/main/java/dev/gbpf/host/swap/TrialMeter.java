package dev.gbpf.host.swap;

import dev.gbpf.host.swap.TrialReport.SideSummary;
import java.util.function.LongConsumer;
import org.HdrHistogram.IntCountsHistogram;

/**
 * Measures one side of a trial: in all, and over the last window. Takes constant time for each event. Confined to the plane's
 * thread.
 */
public final class TrialMeter {
    /*
     * The window is kept as two halves; it covers the newer one, which is still being filled, and the older. So it reaches back
     * between half of its length and all of it.
     */
    private static final int SIGNIFICANT_DIGITS = 2;

    private final long halfNs;
    private final IntCountsHistogram scratch = new IntCountsHistogram(SIGNIFICANT_DIGITS);
    private final Counts total = new Counts();
    private Counts newer = new Counts();
    private Counts older = new Counts();
    private long newerFromNs;
    private long jobs;
    private long waitSumNs;
    private long errorsSeen;

    /** What happened in some time. */
    private static final class Counts {
        final IntCountsHistogram waits = new IntCountsHistogram(SIGNIFICANT_DIGITS);
        long rejected;
        long decisions;
        long decisionNs;
        long errors;

        void clear() {
            waits.reset();
            rejected = 0;
            decisions = 0;
            decisionNs = 0;
            errors = 0;
        }
    }

    /**
     * The last window.
     *
     * @param waits queue waits that ended in it, and those that have not ended
     * @param waitP99Ns their 99th percentile, ns
     * @param dispatched jobs that were sent
     * @param rejected jobs that were refused
     * @param decisions hooks that were asked
     * @param meanDecisionNs mean time of a decision, ns; 0 when they are not timed
     * @param errors what the policy did wrong without failing
     */
    public record Window(
            long waits,
            long waitP99Ns,
            long dispatched,
            long rejected,
            long decisions,
            long meanDecisionNs,
            long errors) {}

    /** Passes the times that jobs which still wait have waited so far, ns. */
    @FunctionalInterface
    public interface WaitingJobs {
        void forEachWaitNs(LongConsumer consumer);
    }

    public TrialMeter(long windowNs, long nowNs) {
        this.halfNs = Math.max(1, windowNs / 2);
        this.newerFromNs = nowNs;
    }

    /** A job came to this side. */
    public void arrived() {
        jobs++;
    }

    /** A job went to the device after waiting. */
    public void dispatched(long waitNs) {
        long wait = Math.max(0, waitNs);
        newer.waits.recordValue(wait);
        total.waits.recordValue(wait);
        waitSumNs += wait;
    }

    public void rejected() {
        newer.rejected++;
        total.rejected++;
    }

    /** A hook was asked; {@code ns} is 0 when decisions are not timed. */
    public void decided(long ns) {
        newer.decisions++;
        newer.decisionNs += ns;
        total.decisions++;
        total.decisionNs += ns;
    }

    /** How many errors there were since the start of the trial. */
    public void errorsSoFar(long errors) {
        newer.errors += errors - errorsSeen;
        total.errors += errors - errorsSeen;
        errorsSeen = errors;
    }

    /** Lets go of what is older than the window. */
    public void advance(long nowNs) {
        if (nowNs - newerFromNs < halfNs) {
            return;
        }
        if (nowNs - newerFromNs >= 2 * halfNs) {
            newer.clear();
        }
        Counts recycled = older;
        older = newer;
        newer = recycled;
        newer.clear();
        newerFromNs = nowNs;
    }

    public Window window(WaitingJobs waiting) {
        scratch.reset();
        scratch.add(newer.waits);
        scratch.add(older.waits);
        waiting.forEachWaitNs(wait -> scratch.recordValue(Math.max(0, wait)));
        long decisions = newer.decisions + older.decisions;
        return new Window(
                scratch.getTotalCount(),
                p99(scratch),
                newer.waits.getTotalCount() + older.waits.getTotalCount(),
                newer.rejected + older.rejected,
                decisions,
                decisions == 0 ? 0 : (newer.decisionNs + older.decisionNs) / decisions,
                newer.errors + older.errors);
    }

    private static long p99(IntCountsHistogram waits) {
        return quantile(waits, 99);
    }

    private static long quantile(IntCountsHistogram waits, double percentile) {
        return waits.getTotalCount() == 0 ? 0 : Math.min(waits.getValueAtPercentile(percentile), waits.getMaxValue());
    }

    /** All of the trial. */
    public SideSummary summary(String policy) {
        long dispatched = total.waits.getTotalCount();
        return new SideSummary(
                policy,
                jobs,
                dispatched,
                total.rejected,
                total.decisions,
                total.errors,
                total.decisions == 0 ? 0 : total.decisionNs / total.decisions,
                dispatched == 0 ? 0 : waitSumNs / dispatched,
                quantile(total.waits, 50),
                p99(total.waits),
                dispatched == 0 ? 0 : total.waits.getMaxValue());
    }
}
