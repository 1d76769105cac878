package dev.gbpf.host.result;

import dev.gbpf.host.queue.Job;
import dev.gbpf.host.workload.RequestRecord;
import org.jspecify.annotations.Nullable;

/** Counts what one tenant gets during one phase. */
final class TenantAccumulator {
    private static final double NS_PER_S = 1e9;

    private final DurationRecorder latency = new DurationRecorder();
    private final DurationRecorder queueWait = new DurationRecorder();
    private @Nullable RequestAccumulator requests;
    private long submitted;
    private long carried;
    private long failed;
    private long rejected;
    private long deviceNs;
    private long deadlineJobs;
    private long deadlineMisses;
    private long overSlo;

    void submitted() {
        submitted++;
    }

    void retired(Job job, long runNs, boolean jobFailed, long nowNs, long sloNs, long phaseFromNs) {
        deviceNs += runNs;
        if (jobFailed) {
            failed++;
        } else {
            long latencyNs = nowNs - job.submittedNs();
            latency.record(latencyNs);
            if (job.submittedNs() < phaseFromNs) {
                carried++;
            }
            queueWait.record(job.dispatchedNs() - job.submittedNs());
            if (sloNs != 0 && latencyNs > sloNs) {
                overSlo++;
            }
        }
        countDeadline(job, jobFailed || nowNs > job.deadlineNs());
    }

    void rejected(Job job) {
        rejected++;
        countDeadline(job, true);
    }

    private void countDeadline(Job job, boolean missed) {
        if (job.deadlineNs() != 0) {
            deadlineJobs++;
            if (missed) {
                deadlineMisses++;
            }
        }
    }

    void requestEnded(RequestRecord request, long nowNs, TenantSummary tenant) {
        if (requests == null) {
            requests = new RequestAccumulator();
        }
        requests.ended(request, nowNs, tenant);
    }

    void add(TenantAccumulator other) {
        latency.add(other.latency);
        queueWait.add(other.queueWait);
        if (other.requests != null) {
            if (requests == null) {
                requests = new RequestAccumulator();
            }
            requests.add(other.requests);
        }
        submitted += other.submitted;
        carried += other.carried;
        failed += other.failed;
        rejected += other.rejected;
        deviceNs += other.deviceNs;
        deadlineJobs += other.deadlineJobs;
        deadlineMisses += other.deadlineMisses;
        overSlo += other.overSlo;
    }

    long deviceNs() {
        return deviceNs;
    }

    /** The counts as a record. */
    TenantPhase summary(int tenant, long durationNs, long allDeviceNs) {
        double perSecond = durationNs == 0 ? 0 : latency.count() * NS_PER_S / durationNs;
        double share = allDeviceNs == 0 ? 0 : (double) deviceNs / allDeviceNs;
        return new TenantPhase(
                tenant,
                submitted,
                latency.count(),
                carried,
                failed,
                rejected,
                latency.distribution(),
                queueWait.distribution(),
                Decimals.round3(perSecond),
                deviceNs,
                Decimals.round4(share),
                deadlineJobs,
                deadlineMisses,
                overSlo,
                requests == null ? null : requests.summary(),
                latency.curve());
    }
}
