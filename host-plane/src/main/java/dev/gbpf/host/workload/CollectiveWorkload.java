package dev.gbpf.host.workload;

import dev.gbpf.host.queue.Collective;
import dev.gbpf.host.queue.CollectiveRank;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.queue.JobStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The steps of a communicator, one after the other: a step begins when all jobs of the one before are over. */
public final class CollectiveWorkload implements Workload {
    private static final long AFTER_FAILURE_NS = 1_000_000;

    private final CollectiveParameters parameters;
    private final @Nullable ServiceSampler compute;
    private final JobSpec part;

    public CollectiveWorkload(CollectiveParameters parameters) {
        this.parameters = parameters;
        ServiceTime service = parameters.compute();
        this.compute = service == null
                ? null
                : new ServiceSampler(
                        service,
                        RandomStream.derive(
                                parameters.seed(), parameters.tenant().name(), "computing"));
        long transferNs = parameters.transferNs();
        this.part = new JobSpec(JobKind.KERNEL, parameters.width(), transferNs, transferNs, 0, 0, 0, 0, 0, 0);
    }

    @Override
    public void start(WorkloadContext context) {
        new Steps(context).schedule(parameters.startNs());
    }

    private final class Steps implements WorkloadTimer, JobOwner {
        private final WorkloadContext context;
        private final List<JobStream> streams = new ArrayList<>();
        private long step;
        private int unfinished;
        private boolean failed;

        Steps(WorkloadContext context) {
            this.context = context;
            for (int rank = 0; rank < parameters.ranks(); rank++) {
                streams.add(context.openStream(parameters.tenant(), this));
            }
        }

        void schedule(long timeNs) {
            if (step < parameters.maxSteps() && timeNs < parameters.endNs()) {
                context.schedule(timeNs, this, 0);
            }
        }

        @Override
        public void fire(long nowNs, long payload) {
            failed = false;
            unfinished = parameters.jobs();
            Collective operation = new Collective(
                    streams.getFirst().id(), step++, parameters.ranks(), parameters.bytes(), parameters.timeoutNs());
            for (int rank = 0; rank < parameters.ranks(); rank++) {
                if (compute != null) {
                    long workNs = compute.draw();
                    context.submit(
                            streams.get(rank),
                            new JobSpec(JobKind.KERNEL, parameters.computeWidth(), workNs, workNs, 0, 0, 0, 0, 0, 0));
                }
                context.submit(streams.get(rank), part, new CollectiveRank(operation, rank));
            }
        }

        @Override
        public void ended(Job job, JobEnd end, long nowNs) {
            failed |= end != JobEnd.RETIRED;
            if (--unfinished == 0) {
                schedule(failed ? nowNs + AFTER_FAILURE_NS : nowNs);
            }
        }
    }
}
