package dev.gbpf.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.image.ImageLoader;
import dev.gbpf.host.image.LoadResult;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.host.plane.PlaneConfig;
import dev.gbpf.host.plane.PlaneListener;
import dev.gbpf.host.plane.PolicyPlane;
import dev.gbpf.host.queue.Collective;
import dev.gbpf.host.queue.CollectiveRank;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.queue.JobStream;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.sim.DeviceModel;
import dev.gbpf.host.sim.Simulation;
import dev.gbpf.host.sim.SimulationResult;
import dev.gbpf.host.sim.VsliceSpec;
import dev.gbpf.host.swap.ActivationReason;
import dev.gbpf.host.workload.Workload;
import dev.gbpf.host.workload.WorkloadContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** gang: all ranks of an operation start in one instant, in any order of arrivals, and never deadlock. */
class GangLawTest {
    private static final List<Tenant> TENANTS =
            List.of(new Tenant(0, "red", 1, 0), new Tenant(1, "blue", 1, 0), new Tenant(2, "other", 1, 5));
    private static final int MOST_RANKS = 4;
    private static final int OPERATIONS = 6;
    private static final long SPAN_NS = 20_000_000;

    @Property(tries = 40)
    void ranks_ofEachOperation_startInOneInstant_whateverComesFirst(@ForAll long seed) {
        Run run = run(seed, "gang");
        assertThat(run.deadlocks).isZero();
        assertThat(run.failed).isZero();
        assertThat(run.operations).isNotEmpty().allSatisfy(operation -> {
            Set<Long> starts = new HashSet<>();
            for (int rank = 0; rank < operation.ranks(); rank++) {
                Job job = operation.part(rank);
                assertThat(job).isNotNull();
                starts.add(job == null ? -1 : job.dispatchedNs());
            }
            assertThat(starts).as("starts of the ranks of %s", operation).hasSize(1);
        });
    }

    /** The law is worth something: without gangs the same arrivals do deadlock. */
    @Test
    void ranks_startedOneByOne_deadlock() {
        long found = 0;
        for (long seed = 0; seed < 10; seed++) {
            found += run(seed, "fifo").deadlocks;
        }
        assertThat(found).isPositive();
    }

    private static final class Run implements PlaneListener {
        final List<Collective> operations = new ArrayList<>();
        long deadlocks;
        long failed;

        @Override
        public void deadlocked(List<Job> waiting, long nowNs) {
            deadlocks++;
        }

        @Override
        public void retired(Job job, long runNs, boolean jobFailed, long nowNs) {
            failed += jobFailed ? 1 : 0;
        }
    }

    private static Run run(long seed, String policy) {
        Random random = new Random(seed);
        int slots = MOST_RANKS + random.nextInt(2);
        int first = 1 + random.nextInt(slots - 1);
        DeviceModel model = DeviceModel.h200()
                .withVslices(List.of(new VsliceSpec("a", 66, first), new VsliceSpec("b", 66, slots - first)));
        Run run = new Run();
        try (MapRegistry maps = new MapRegistry()) {
            Simulation simulation = Simulation.of(model)
                    .workload(new RandomRanks(random, run.operations))
                    .build((device, clock, rejections) -> new PolicyPlane(
                            new PlaneConfig(TENANTS, seed, PlaneConfig.DEFAULT_STALL_LIMIT_NS),
                            device,
                            clock::nowNs,
                            run));
            try (PolicyPlane plane = (PolicyPlane) simulation.scheduler()) {
                LoadResult loaded =
                        new ImageLoader(maps).load(Library.policy(policy).object());
                plane.activate(((LoadResult.Loaded) loaded).image(), ActivationReason.START);
                SimulationResult result = simulation.run();
                assertThat(result.outcome()).as(result.explanation()).isEqualTo(SimulationResult.Outcome.COMPLETED);
                assertThat(plane.activePolicy())
                        .as(() -> plane.failsafe().exits().toString())
                        .isEqualTo(policy);
            }
        }
        return run;
    }

    /** Communicators whose ranks come in any order, beside ordinary kernels, some in the streams of ranks. */
    private record RandomRanks(Random random, List<Collective> operations) implements Workload {
        @Override
        public void start(WorkloadContext context) {
            int communicators = 2 + random.nextInt(3);
            for (int c = 0; c < communicators; c++) {
                int ranks = 2 + random.nextInt(MOST_RANKS - 1);
                Tenant tenant = TENANTS.get(c % 2);
                List<JobStream> streams = new ArrayList<>();
                for (int rank = 0; rank < ranks; rank++) {
                    streams.add(context.openStream(tenant, (job, end, now) -> {}));
                }
                long[] next = new long[ranks];
                for (int number = 0; number < OPERATIONS; number++) {
                    Collective operation = new Collective(c, number, ranks, 1 << 20, 50_000_000);
                    operations.add(operation);
                    for (int rank = 0; rank < ranks; rank++) {
                        next[rank] += random.nextLong(SPAN_NS / OPERATIONS);
                        submit(context, streams.get(rank), next[rank], new CollectiveRank(operation, rank));
                    }
                }
            }
            JobStream other = context.openStream(TENANTS.getLast(), (job, end, now) -> {});
            for (int i = 0; i < 20; i++) {
                JobSpec kernel = kernel(1 + random.nextInt(132), 1 + random.nextLong(3_000_000));
                context.schedule(random.nextLong(SPAN_NS), (now, payload) -> context.submit(other, kernel), 0);
            }
        }

        private void submit(WorkloadContext context, JobStream stream, long atNs, CollectiveRank part) {
            boolean computes = random.nextInt(3) == 0;
            JobSpec before = kernel(20, 1 + random.nextLong(1_000_000));
            JobSpec spec = kernel(16, 200_000);
            context.schedule(
                    atNs,
                    (now, payload) -> {
                        if (computes) {
                            context.submit(stream, before);
                        }
                        context.submit(stream, spec, part);
                    },
                    0);
        }

        private static JobSpec kernel(int width, long workNs) {
            return new JobSpec(JobKind.KERNEL, width, workNs, workNs, 0, 0, 0, 0, 0, 0);
        }
    }
}
