package dev.gbpf.host.sim;

import dev.gbpf.host.allocation.Allocation;
import dev.gbpf.host.allocation.AllocationOwner;
import dev.gbpf.host.allocation.AllocationSpec;
import dev.gbpf.host.plane.JobScheduler;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.workload.WorkloadMemory;
import java.util.ArrayList;
import java.util.List;

/** The workloads' allocations in a simulation: their owners hear of them outside of any call of the plane. */
final class AllocationLedger implements WorkloadMemory {
    private final JobScheduler scheduler;
    private final SimulatedMemory memory;
    private final List<Runnable> news = new ArrayList<>();
    private long unanswered;
    private long told;

    AllocationLedger(JobScheduler scheduler, SimulatedMemory memory) {
        this.scheduler = scheduler;
        this.memory = memory;
    }

    /** Passes on what the plane says, later. */
    private final class Later implements AllocationOwner {
        private final AllocationOwner owner;

        Later(AllocationOwner owner) {
            this.owner = owner;
        }

        @Override
        public void granted(Allocation allocation) {
            answered(() -> owner.granted(allocation));
        }

        @Override
        public void denied(Allocation allocation, long reason) {
            answered(() -> owner.denied(allocation, reason));
        }

        @Override
        public void ready(Allocation allocation) {
            answered(() -> owner.ready(allocation));
        }
    }

    private void answered(Runnable one) {
        unanswered--;
        told++;
        news.add(one);
    }

    @Override
    public Allocation request(Tenant tenant, AllocationSpec spec, AllocationOwner owner) {
        unanswered++;
        return scheduler.memory().request(tenant, spec, new Later(owner));
    }

    @Override
    public void use(Allocation allocation) {
        unanswered++;
        scheduler.memory().use(allocation);
    }

    @Override
    public void release(Allocation allocation) {
        scheduler.memory().release(allocation);
    }

    @Override
    public void free(Allocation allocation) {
        scheduler.memory().free(allocation);
    }

    @Override
    public long workNs(Allocation allocation, long workNs) {
        return memory.workNs(allocation, workNs);
    }

    /** Requests and uses that have no answer yet, or whose owners have not heard it. */
    long open() {
        return unanswered + news.size();
    }

    /** Answers so far. */
    long answers() {
        return told;
    }

    /** Tells the owners what there is to tell; false when that is nothing. */
    boolean tellOwners() {
        if (news.isEmpty()) {
            return false;
        }
        List<Runnable> now = List.copyOf(news);
        news.clear();
        now.forEach(Runnable::run);
        return true;
    }
}
