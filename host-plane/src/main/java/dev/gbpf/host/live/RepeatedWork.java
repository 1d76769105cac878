package dev.gbpf.host.live;

import dev.gbpf.host.queue.CollectiveRank;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.queue.JobStream;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.scenario.Scenario;
import dev.gbpf.host.scenario.WorkloadSet;
import dev.gbpf.host.workload.JobOwner;
import dev.gbpf.host.workload.Workload;
import dev.gbpf.host.workload.WorkloadContext;
import dev.gbpf.host.workload.WorkloadMemory;
import dev.gbpf.host.workload.WorkloadTimer;
import org.jspecify.annotations.Nullable;

/**
 * The work of a scenario, again and again: when its duration has passed it begins anew with other random choices. Requests that
 * came before go on to their end; those that would come later do not.
 */
final class RepeatedWork implements Workload, AutoCloseable {
    private final Scenario scenario;
    private long round;
    private WorkloadSet set;

    /** Opens the first round's work. */
    RepeatedWork(Scenario scenario) {
        this.scenario = scenario;
        this.set = WorkloadSet.of(scenario, _ -> {});
    }

    @Override
    public long residentBytes() {
        return set.all().stream().mapToLong(Workload::residentBytes).sum();
    }

    @Override
    public void start(WorkloadContext context) {
        begin(context);
    }

    private void begin(WorkloadContext context) {
        long originNs = context.nowNs();
        WorkloadContext shifted = new Shifted(context, originNs, scenario.durationNs());
        set.all().forEach(workload -> workload.start(shifted));
        context.schedule(originNs + scenario.durationNs(), (_, _) -> again(context), 0);
    }

    private void again(WorkloadContext context) {
        set.close();
        round++;
        set = WorkloadSet.of(scenario.withSeed(scenario.seed() + round), _ -> {});
        begin(context);
    }

    @Override
    public void close() {
        set.close();
    }

    /** Time from the beginning of a round. What workloads have timers for is arrivals; those after the round's end are left out. */
    private record Shifted(WorkloadContext context, long originNs, long durationNs) implements WorkloadContext {
        @Override
        public long nowNs() {
            return context.nowNs() - originNs;
        }

        @Override
        public long memoryBytes() {
            return context.memoryBytes();
        }

        @Override
        public WorkloadMemory memory() {
            return context.memory();
        }

        @Override
        public JobStream openStream(Tenant tenant, JobOwner owner) {
            return context.openStream(tenant, (job, end, nowNs) -> owner.ended(job, end, nowNs - originNs));
        }

        @Override
        public Job submit(JobStream stream, JobSpec spec, @Nullable CollectiveRank collective) {
            return context.submit(stream, spec, collective);
        }

        @Override
        public void schedule(long timeNs, WorkloadTimer timer, long payload) {
            if (timeNs < durationNs) {
                context.schedule(originNs + timeNs, (nowNs, given) -> timer.fire(nowNs - originNs, given), payload);
            }
        }

        @Override
        public void releaseMemory(long bytes) {
            context.releaseMemory(bytes);
        }
    }
}
