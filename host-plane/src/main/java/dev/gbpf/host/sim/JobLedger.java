package dev.gbpf.host.sim;

import dev.gbpf.host.plane.JobScheduler;
import dev.gbpf.host.queue.CollectiveRank;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.queue.JobStream;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.workload.JobEnd;
import dev.gbpf.host.workload.JobOwner;
import dev.gbpf.host.workload.WorkloadContext;
import dev.gbpf.host.workload.WorkloadTimer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The workloads' side of a simulation: it gives jobs their ids, counts them, and tells their owners how they ended, outside
 * of any call of the plane.
 */
final class JobLedger implements WorkloadContext {
    private final VirtualClock clock;
    private final EventQueue events;
    /** Ids of the jobs that are not over, when that is checked. */
    private final @Nullable Set<Long> liveIds;

    private @Nullable JobScheduler scheduler;
    private @Nullable SimulatedDevice device;
    private @Nullable AllocationLedger allocations;

    private final List<Job> endedJobs = new ArrayList<>();
    private final List<JobEnd> ends = new ArrayList<>();

    private long residentBytes;
    private long streams;
    private long submitted;
    private long retired;
    private long rejected;

    JobLedger(VirtualClock clock, EventQueue events, boolean checks) {
        this.clock = clock;
        this.events = events;
        this.liveIds = checks ? new HashSet<>() : null;
    }

    void connect(JobScheduler toScheduler, SimulatedDevice toDevice) {
        this.scheduler = toScheduler;
        this.device = toDevice;
        this.allocations = new AllocationLedger(toScheduler, toDevice.simulatedMemory());
    }

    /** Takes memory for good, on behalf of the workloads. */
    void reserve(long bytes) {
        connectedDevice().reserve(bytes);
        residentBytes += bytes;
    }

    private SimulatedDevice connectedDevice() {
        if (device == null) {
            throw new IllegalStateException("no device is connected");
        }
        return device;
    }

    long submitted() {
        return submitted;
    }

    long retired() {
        return retired;
    }

    long rejected() {
        return rejected;
    }

    /** Jobs that ended, one way or the other. */
    long over() {
        return retired + rejected;
    }

    /** Jobs that entered and are not over. */
    long live() {
        return submitted - retired - rejected;
    }

    @Override
    public long nowNs() {
        return clock.nowNs();
    }

    @Override
    public long memoryBytes() {
        return connectedDevice().memoryBytes() - residentBytes;
    }

    @Override
    public AllocationLedger memory() {
        if (allocations == null) {
            throw new IllegalStateException("no plane is connected");
        }
        return allocations;
    }

    /** Whether somebody waits for an allocation, or has not heard of it yet. */
    boolean awaitsMemory() {
        return memory().open() > 0;
    }

    /** How often the plane answered about allocations. */
    long memoryAnswers() {
        return memory().answers();
    }

    @Override
    public JobStream openStream(Tenant tenant, JobOwner owner) {
        JobStream stream = new JobStream(streams++, tenant);
        stream.deviceState(new DeviceStream(owner));
        return stream;
    }

    @Override
    public Job submit(JobStream stream, JobSpec spec, @Nullable CollectiveRank collective) {
        JobScheduler to = scheduler;
        if (to == null) {
            throw new IllegalStateException("no plane is connected");
        }
        Job job = new Job(++submitted, stream, spec, clock.nowNs(), collective);
        if (liveIds != null) {
            liveIds.add(job.id());
        }
        to.submit(job);
        return job;
    }

    @Override
    public void schedule(long timeNs, WorkloadTimer timer, long payload) {
        if (timeNs < clock.nowNs()) {
            throw new IllegalArgumentException("timer: timeNs=" + timeNs + " is before now=" + clock.nowNs());
        }
        events.add(timeNs, timer, payload);
    }

    @Override
    public void releaseMemory(long bytes) {
        connectedDevice().release(bytes);
    }

    /** Notes that a job is over; its owner hears of it at the next {@link #tellOwners}. */
    void ended(Job job, JobEnd end) {
        if (liveIds != null && !liveIds.remove(job.id())) {
            throw new IllegalStateException(job + " ended (" + end + ") but was over already, or was never submitted");
        }
        if (end == JobEnd.REJECTED) {
            rejected++;
        } else {
            retired++;
        }
        if (live() < 0) {
            throw new IllegalStateException("more jobs ended than entered: submitted=" + submitted + ", retired="
                    + retired + ", rejected=" + rejected + ", last " + job);
        }
        endedJobs.add(job);
        ends.add(end);
    }

    /** Tells the owners of the jobs that have ended, not of those that end meanwhile; false when there were none. */
    boolean tellOwners() {
        int count = endedJobs.size();
        boolean told = memory().tellOwners();
        if (count == 0) {
            return told;
        }
        for (int i = 0; i < count; i++) {
            Job job = endedJobs.get(i);
            JobOwner owner = DeviceStream.of(job.stream()).owner;
            if (owner != null) {
                owner.ended(job, ends.get(i), clock.nowNs());
            }
        }
        endedJobs.subList(0, count).clear();
        ends.subList(0, count).clear();
        return true;
    }

    /** Checks that no job is in two places; the plane may hold some that it neither queues nor has started. */
    void check(JobScheduler plane, SimulatedDevice onDevice) {
        long inflight = onDevice.startedJobs() - onDevice.endedJobs();
        if (plane.queued() + inflight > live()) {
            throw new IllegalStateException(
                    "jobs are counted twice: live=" + live() + ", queued=" + plane.queued() + ", inflight=" + inflight);
        }
        if (liveIds != null && liveIds.size() != live()) {
            throw new IllegalStateException("live=" + live() + " but " + liveIds.size() + " ids are known");
        }
    }
}
