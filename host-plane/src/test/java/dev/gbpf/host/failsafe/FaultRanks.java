package dev.gbpf.host.failsafe;

import dev.gbpf.host.queue.Collective;
import dev.gbpf.host.queue.CollectiveRank;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.queue.JobStream;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.workload.Workload;
import dev.gbpf.host.workload.WorkloadContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** A communicator of four ranks, one operation after the other, whose ranks have the patience that communication libraries have. */
final class FaultRanks implements Workload {
    private static final int RANKS = 4;
    private static final long PAUSE_NS = 2_000_000;
    private static final long WORK_NS = 200_000;
    private static final long TIMEOUT_NS = 60_000_000_000L;
    private static final long LATE_NS = 3_000_000_000L;
    private static final JobSpec SPEC = new JobSpec(JobKind.KERNEL, 16, WORK_NS, WORK_NS, 0, 0, 0, 0, 0, 0);

    private final Fault fault;
    private final Tenant tenant;
    private final LongSupplier untilNs;
    private final List<JobStream> streams = new ArrayList<>();
    private int over;
    private boolean wasLate;

    FaultRanks(Fault fault, Tenant tenant, LongSupplier untilNs) {
        this.fault = fault;
        this.tenant = tenant;
        this.untilNs = untilNs;
    }

    @Override
    public void start(WorkloadContext context) {
        for (int rank = 0; rank < RANKS; rank++) {
            streams.add(context.openStream(tenant, (job, end, now) -> {
                if (++over % RANKS == 0) {
                    context.schedule(now + PAUSE_NS, (at, payload) -> enter(context), 0);
                }
            }));
        }
        enter(context);
    }

    private void enter(WorkloadContext context) {
        long now = context.nowNs();
        if (now >= untilNs.getAsLong()) {
            return;
        }
        boolean late = fault == Fault.RANK_LATE && !wasLate && now >= FaultBench.ONSET_NS;
        wasLate |= late;
        Collective operation = new Collective(1, over / RANKS, RANKS, 0, TIMEOUT_NS);
        for (int rank = 0; rank < RANKS; rank++) {
            CollectiveRank part = new CollectiveRank(operation, rank);
            JobStream stream = streams.get(rank);
            if (late && rank == RANKS - 1) {
                context.schedule(now + LATE_NS, (at, payload) -> context.submit(stream, SPEC, part), 0);
            } else {
                context.submit(stream, SPEC, part);
            }
        }
    }
}
