package dev.gbpf.host.sim;

import dev.gbpf.host.allocation.Allocation;
import dev.gbpf.host.device.DevicePlane.CompletionListener;
import dev.gbpf.host.device.DevicePlane.StartResult;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.queue.JobStream;
import dev.gbpf.host.queue.Tenant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A simulated device driven by hand: start jobs, run to the end, and look when what ended. */
final class ManualDevice {
    static final Tenant TENANT = new Tenant(0, "tester", 1, 0);

    /** What the device reported of a job. */
    record End(long atNs, long runNs, boolean failed) {}

    /** A kernel that gave up its place. */
    record Yield(Job job, long atNs, long runNs) {}

    final VirtualClock clock = new VirtualClock();
    final SimulatedDevice device;
    final Map<Job, End> ends = new HashMap<>();
    final List<Job> order = new ArrayList<>();
    final List<Yield> yields = new ArrayList<>();
    final List<Job> budgetsUsed = new ArrayList<>();
    final List<List<Job>> deadlocks = new ArrayList<>();
    /** When the last move of an allocation was over. */
    final Map<Allocation, Long> moves = new HashMap<>();

    long yieldedNs;
    final List<List<Job>> batches = new ArrayList<>();
    private long jobs;
    private long streams;

    ManualDevice(DeviceModel model) {
        this(model, FaultPlan.none());
    }

    ManualDevice(DeviceModel model, FaultPlan faults) {
        this.device = new SimulatedDevice(model, clock, new Listener(), new Batches(), faults);
    }

    /** 100 SMs, 1000 bytes of memory, no latencies, copies at 1 byte/ns. */
    static DeviceModel plain() {
        CopyEngineSpec engine = new CopyEngineSpec(1_000_000_000L, 0);
        return new DeviceModel(
                "plain", 100, 1000, 0, engine, engine, 1000, List.of(new VsliceSpec("all", 100, 1000)), List.of());
    }

    private final class Listener implements CompletionListener {
        @Override
        public void finished(Job job, long runNs, boolean failed) {
            if (ends.put(job, new End(clock.nowNs(), runNs, failed)) != null) {
                throw new AssertionError(job + " ended twice");
            }
            order.add(job);
        }

        @Override
        public void yielded(Job job, long runNs) {
            job.yielded(runNs);
            yields.add(new Yield(job, clock.nowNs(), runNs));
            yieldedNs += runNs;
        }

        @Override
        public void budgetUsed(Job job) {
            budgetsUsed.add(job);
        }

        @Override
        public void deadlocked(List<Job> waiting) {
            deadlocks.add(waiting);
        }

        @Override
        public void moved(Allocation allocation) {
            moves.put(allocation, clock.nowNs());
        }
    }

    /** The jobs that gave up their place since the last call. */
    List<Job> takeYielded() {
        List<Job> taken = yields.stream().map(Yield::job).toList();
        yields.clear();
        return taken;
    }

    JobStream stream() {
        return new JobStream(streams++, TENANT);
    }

    Job job(JobStream stream, JobSpec spec) {
        return new Job(++jobs, stream, spec, clock.nowNs());
    }

    static JobSpec kernel(int width, long workNs) {
        return kernel(width, workNs, 0);
    }

    static JobSpec kernel(int width, long workNs, int memoryIntensity) {
        return new JobSpec(JobKind.KERNEL, width, workNs, workNs, 0, 0, 0, 0, memoryIntensity, 0);
    }

    static JobSpec memory(long workNs, long bytes, long releaseBytes) {
        return new JobSpec(JobKind.KERNEL, 1, workNs, workNs, bytes, releaseBytes, 0, 0, 0, 0);
    }

    static JobSpec batched(long workNs, int batchClass) {
        return new JobSpec(JobKind.KERNEL, 1, workNs, workNs, 0, 0, 0, batchClass, 0, 0);
    }

    static JobSpec copy(JobKind kind, long bytes) {
        return new JobSpec(kind, 0, 0, 0, bytes, 0, 0, 0, 0, 0);
    }

    /** Starts a job now, on the first vSlice, in a stream of its own; the instant is not over. */
    Job start(JobSpec spec) {
        return start(stream(), spec, 0);
    }

    Job start(JobStream stream, JobSpec spec, int vslice) {
        Job job = job(stream, spec);
        if (device.start(job, vslice) != StartResult.STARTED) {
            throw new AssertionError(job + " found no memory");
        }
        return job;
    }

    /** Ends the instant and moves on, event by event, to a time that is later than now. */
    void runTo(long timeNs) {
        device.settle();
        while (device.nextEventNs() <= timeNs) {
            step();
        }
        clock.advanceTo(timeNs);
    }

    /** Runs until nothing more happens. */
    void runOut() {
        device.settle();
        while (device.nextEventNs() != Long.MAX_VALUE) {
            step();
        }
    }

    private void step() {
        clock.advanceTo(device.nextEventNs());
        device.advance();
        device.settle();
        device.check();
    }

    long endNs(Job job) {
        return end(job).atNs();
    }

    long runNs(Job job) {
        return end(job).runNs();
    }

    End end(Job job) {
        End end = ends.get(job);
        if (end == null) {
            throw new AssertionError(job + " has not ended");
        }
        return end;
    }

    private final class Batches implements DeviceObserver {
        @Override
        public void started(Execution execution, long nowNs) {
            if (execution.batchClass() > 0) {
                List<Job> members = new ArrayList<>();
                for (int i = 0; i < execution.size(); i++) {
                    members.add(execution.job(i));
                }
                batches.add(members);
            }
        }
    }
}
