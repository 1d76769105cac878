package dev.gbpf.host.workload;

import dev.gbpf.host.allocation.Allocation;
import dev.gbpf.host.allocation.AllocationOwner;
import dev.gbpf.host.allocation.AllocationSpec;
import dev.gbpf.host.check.Checks;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.queue.JobStream;
import org.jspecify.annotations.Nullable;

/** Clients that hold allocations: each asks for one, uses it with a kernel now and then, gives it back, and asks for the next. */
public final class MemoryWorkload implements Workload {
    /** After a refusal a client waits at least so long. */
    private static final long REFUSED_THINK_NS = 10_000_000;

    private final MemoryParameters parameters;
    private final ServiceSampler service;
    private final RandomStream sizes;
    private final RandomStream thinking;

    public MemoryWorkload(MemoryParameters parameters) {
        this.parameters = parameters;
        this.service = new ServiceSampler(parameters.service(), random("memory service"));
        this.sizes = random("memory sizes");
        this.thinking = random("memory thinking");
    }

    private RandomStream random(String purpose) {
        return RandomStream.derive(parameters.seed(), parameters.tenant().name(), purpose);
    }

    @Override
    public void start(WorkloadContext context) {
        for (int i = 0; i < parameters.clients(); i++) {
            new Client(context).think(parameters.startNs(), 0);
        }
    }

    private final class Client implements WorkloadTimer, JobOwner, AllocationOwner {
        private final WorkloadContext context;
        private final JobStream stream;
        private @Nullable Allocation held;
        private long left;

        Client(WorkloadContext context) {
            this.context = context;
            this.stream = context.openStream(parameters.tenant(), this);
        }

        /** The next step comes after a while, unless the time of the clients is over. */
        void think(long fromNs, long leastNs) {
            long thinkNs = parameters.meanThinkNs() == 0
                    ? 0
                    : Math.min(
                            Checks.MAX_TIME_NS,
                            Math.round((double) parameters.meanThinkNs() * thinking.nextExponential()));
            long timeNs = fromNs + Math.max(thinkNs, leastNs);
            if (timeNs < parameters.endNs()) {
                context.schedule(timeNs, this, 0);
            } else {
                giveBack();
            }
        }

        @Override
        public void fire(long nowNs, long payload) {
            Allocation allocation = held;
            if (allocation == null) {
                left = parameters.uses();
                held = context.memory()
                        .request(
                                parameters.tenant(),
                                new AllocationSpec(
                                        sizes.nextLong(parameters.leastBytes(), parameters.mostBytes()),
                                        parameters.access(),
                                        parameters.random(),
                                        parameters.pinned(),
                                        parameters.compressedTo(),
                                        0),
                                this);
            } else {
                context.memory().use(allocation);
            }
        }

        @Override
        public void granted(Allocation allocation) {
            think(context.nowNs(), 0);
        }

        @Override
        public void denied(Allocation allocation, long reason) {
            held = null;
            think(context.nowNs(), REFUSED_THINK_NS);
        }

        @Override
        public void ready(Allocation allocation) {
            long aloneNs = service.draw();
            long workNs = Math.clamp(context.memory().workNs(allocation, aloneNs), 1, Checks.MAX_TIME_NS);
            context.submit(stream, new JobSpec(JobKind.KERNEL, parameters.width(), aloneNs, workNs, 0, 0, 0, 0, 0, 0));
        }

        @Override
        public void ended(Job job, JobEnd end, long nowNs) {
            Allocation allocation = held;
            if (allocation == null) {
                throw new IllegalStateException(job + " ended, and its client holds nothing");
            }
            context.memory().release(allocation);
            if (--left == 0) {
                giveBack();
            }
            think(nowNs, 0);
        }

        private void giveBack() {
            Allocation allocation = held;
            if (allocation != null) {
                held = null;
                context.memory().free(allocation);
            }
        }
    }
}
