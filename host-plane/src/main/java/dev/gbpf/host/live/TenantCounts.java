package dev.gbpf.host.live;

import dev.gbpf.host.live.LiveStatus.TenantStatus;
import dev.gbpf.host.plane.PlaneListener;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.Roster;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.swap.ActivationRecord;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Counts each tenant's jobs, and their latencies since the policy last changed. Of the plane's thread; allocates nothing after a tenant's first job. */
public final class TenantCounts implements PlaneListener {
    /** The longest latency that is told apart, ns: an hour. */
    private static final long LONGEST_NS = 3_600_000_000_000L;

    private static final int DIGITS = 2;
    private static final double MEDIAN = 50;
    private static final double P99 = 99;

    private final Roster roster;
    private final @Nullable Counts[] counts;

    private static final class Counts {
        final Histogram latency = new Histogram(LONGEST_NS, DIGITS);
        long submitted;
        long started;
        long retired;
        long failed;
        long rejected;
        long runNs;
    }

    /** Nothing has been counted. */
    public TenantCounts(Roster roster) {
        this.roster = roster;
        this.counts = new Counts[roster.capacity()];
        for (int i = 0; i < roster.size(); i++) {
            counts[i] = new Counts();
        }
    }

    private Counts of(Job job) {
        return of(job.tenant().index());
    }

    private Counts of(int tenant) {
        Counts known = counts[tenant];
        if (known == null) {
            known = new Counts();
            counts[tenant] = known;
        }
        return known;
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
            if (each != null) {
                each.latency.reset();
            }
        }
    }

    List<TenantStatus> status() {
        List<TenantStatus> list = new ArrayList<>();
        for (Tenant tenant : roster.tenants()) {
            Counts of = of(tenant.index());
            list.add(new TenantStatus(
                    tenant,
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
