package dev.gbpf.host.live;

import dev.gbpf.host.live.LiveStatus.TenantStatus;
import dev.gbpf.host.plane.PlaneListener;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.swap.ActivationRecord;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Counts each tenant's jobs, and their latencies since the policy last changed. Of the plane's thread; allocates nothing. */
final class TenantCounts implements PlaneListener {
    /** The longest latency that is told apart, ns: an hour. */
    private static final long LONGEST_NS = 3_600_000_000_000L;

    private static final int DIGITS = 2;
    private static final double MEDIAN = 50;
    private static final double P99 = 99;

    private final List<Tenant> tenants;
    private final Counts[] counts;

    private static final class Counts {
        final Histogram latency = new Histogram(LONGEST_NS, DIGITS);
        long submitted;
        long started;
        long retired;
        long failed;
        long rejected;
        long runNs;
    }

    TenantCounts(List<Tenant> tenants) {
        this.tenants = List.copyOf(tenants);
        this.counts = new Counts[tenants.size()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new Counts();
        }
    }

    private Counts of(Job job) {
        return counts[job.tenant().index()];
    }

    @Override
    public void submitted(Job job, long nowNs) {
        of(job).submitted++;
    }

    @Override
    public void dispatched(Job job, long nowNs) {
        of(job).started++;
    }

    @Override
    public void yielded(Job job, long runNs, long nowNs) {
        of(job).started--;
    }

    @Override
    public void retired(Job job, long runNs, boolean failed, long nowNs) {
        Counts of = of(job);
        of.runNs += runNs;
        if (failed) {
            of.failed++;
        } else {
            of.retired++;
        }
        of.latency.recordValue(Math.min(LONGEST_NS, nowNs - job.submittedNs()));
    }

    @Override
    public void rejected(Job job, long reason, long nowNs) {
        of(job).rejected++;
    }

    @Override
    public void activated(ActivationRecord activation) {
        for (Counts each : counts) {
            each.latency.reset();
        }
    }

    List<TenantStatus> status() {
        List<TenantStatus> list = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            Counts of = counts[i];
            list.add(new TenantStatus(
                    tenants.get(i),
                    of.submitted,
                    of.started,
                    of.retired,
                    of.failed,
                    of.rejected,
                    of.runNs,
                    of.latency.getValueAtPercentile(MEDIAN),
                    of.latency.getValueAtPercentile(P99)));
        }
        return list;
    }
}
