package dev.gbpf.host.law;

import dev.gbpf.host.law.SimulatedRun.Ended;
import dev.gbpf.host.law.SimulatedRun.Started;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.Tenant;
import java.util.List;

/** Laws about whole runs; all throw {@link AssertionError}, with the jobs that break them, when they do not hold. */
public final class RunLaws {
    private RunLaws() {}

    /** No job waits for longer than {@code limitNs} before it goes to the device. */
    public static void neverStarves(SimulatedRun run, long limitNs) {
        for (Started started : run.started()) {
            long waited = started.atNs() - started.job().submittedNs();
            if (waited > limitNs) {
                throw new AssertionError(describe(started.job()) + " waited for " + waited + " ns, at most " + limitNs
                        + " ns are allowed");
            }
        }
    }

    /**
     * While all tenants have jobs waiting, each tenant's share of device time in any window is its weight's fraction.
     *
     * @param windowNs length of the windows, ns; long against a job
     * @param tolerance how far a share may be from the weight's fraction, such as 0.02 for two percentage points
     * @return how many windows there were; a run that has none says nothing
     */
    public static int shareWithin(SimulatedRun run, long windowNs, double tolerance) {
        double weights = run.tenants().stream().mapToLong(Tenant::weight).sum();
        long backloggedUntil = run.started().stream()
                .filter(s -> s.backlogged() == run.tenants().size())
                .mapToLong(Started::atNs)
                .max()
                .orElse(0);
        List<Ended> ended = run.ended();
        long[] served = new long[run.tenants().size()];
        long total = 0;
        int windows = 0;
        int first = 0;
        for (int last = 0; last < ended.size() && ended.get(last).endNs() <= backloggedUntil; last++) {
            served[tenant(ended.get(last))] += ended.get(last).runNs();
            total += ended.get(last).runNs();
            while (ended.get(last).endNs() - ended.get(first).endNs() > windowNs) {
                served[tenant(ended.get(first))] -= ended.get(first).runNs();
                total -= ended.get(first).runNs();
                first++;
            }
            if (first > 0) {
                windows++;
                for (Tenant tenant : run.tenants()) {
                    double share = (double) served[tenant.index()] / total;
                    double fair = tenant.weight() / weights;
                    if (Math.abs(share - fair) > tolerance) {
                        throw new AssertionError("tenant " + tenant.index() + " of weight " + tenant.weight()
                                + " got the share " + share + " instead of " + fair + " between "
                                + ended.get(first).endNs() + " ns and "
                                + ended.get(last).endNs() + " ns");
                    }
                }
            }
        }
        return windows;
    }

    private static int tenant(Ended ended) {
        return ended.job().tenant().index();
    }

    private static String describe(Job job) {
        return "the job of tenant " + job.tenant().index() + " that was submitted at " + job.submittedNs() + " ns";
    }
}
