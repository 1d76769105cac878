package dev.gbpf.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.image.ImageLoader;
import dev.gbpf.host.image.LoadResult;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.host.plane.PlaneConfig;
import dev.gbpf.host.plane.PlaneListener;
import dev.gbpf.host.plane.PolicyPlane;
import dev.gbpf.host.queue.CopyTerms;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.queue.JobStream;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.sim.CopyEngineSpec;
import dev.gbpf.host.sim.DeviceModel;
import dev.gbpf.host.sim.DeviceObserver;
import dev.gbpf.host.sim.Execution;
import dev.gbpf.host.sim.Simulation;
import dev.gbpf.host.sim.SimulationResult;
import dev.gbpf.host.sim.VsliceSpec;
import dev.gbpf.host.swap.ActivationReason;
import dev.gbpf.host.workload.Workload;
import dev.gbpf.host.workload.WorkloadContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** copy_budget: budgets hold over any window, small urgent copies wait for one piece, streams stay in order. */
class CopyBudgetLawTest {
    private static final long CHUNK = 1 << 20;
    private static final long MEGA = 1_000_000;
    private static final int COPIES = 60;
    private static final long SPAN_NS = 40_000_000;

    /** A piece may wait for the engine. */
    private record Release(long atNs, long bytes) {}

    private static final class Watch implements PlaneListener, DeviceObserver {
        final Map<Integer, List<Release>> releases = new HashMap<>();
        final Map<Job, Long> begins = new HashMap<>();
        final List<Job> sent = new ArrayList<>();
        final List<Job> ended = new ArrayList<>();

        @Override
        public void dispatched(Job job, long nowNs) {
            sent.add(job);
            CopyTerms terms = job.copyTerms();
            long left = job.spec().bytes();
            for (int piece = 0; left > 0; piece++) {
                long bytes = Math.min(terms.chunkBytes(), left);
                releases.computeIfAbsent(job.tenant().index(), _ -> new ArrayList<>())
                        .add(new Release(terms.readyNs(piece, nowNs), bytes));
                left -= bytes;
            }
        }

        @Override
        public void started(Execution execution, long nowNs) {
            begins.putIfAbsent(execution.job(0), nowNs);
        }

        @Override
        public void retired(Job job, long runNs, boolean failed, long nowNs) {
            ended.add(job);
        }
    }

    @Property(tries = 40)
    void budgets_holdOverAnyWindow(@ForAll long seed) {
        Random random = new Random(seed);
        List<Tenant> tenants = List.of(
                // All copies together are paced for less than the failsafe lets one wait.
                new Tenant(0, "a", 1, 0, (100 + random.nextLong(2_000)) * MEGA, random.nextLong(16 * CHUNK)),
                new Tenant(1, "b", 1, 3, (100 + random.nextLong(20_000)) * MEGA, random.nextLong(4 * CHUNK)));
        Watch watch = run(tenants, context -> {
            for (int i = 0; i < COPIES; i++) {
                copy(context, tenants.get(random.nextInt(2)), random.nextLong(SPAN_NS), random.nextLong(4 * CHUNK));
            }
        });
        for (Tenant tenant : tenants) {
            List<Release> releases = watch.releases.getOrDefault(tenant.index(), List.of()).stream()
                    .sorted(Comparator.comparingLong(Release::atNs))
                    .toList();
            double rate = (double) tenant.copyBytesPerSecond() / 1e9;
            long burst = Math.max(tenant.copyBurstBytes(), CHUNK);
            // Times are whole nanoseconds, and each copy has the rounding of one.
            double rounding = rate * COPIES * 2 + 2;
            for (int from = 0; from < releases.size(); from++) {
                long bytes = 0;
                for (int to = from; to < releases.size(); to++) {
                    bytes += releases.get(to).bytes();
                    double window = releases.get(to).atNs() - releases.get(from).atNs();
                    assertThat((double) bytes)
                            .as("bytes of %s in %s ns", tenant, window)
                            .isLessThanOrEqualTo(rate * window + burst + rounding);
                }
            }
        }
    }

    @Property(tries = 40)
    void smallUrgentCopy_waitsForOnePiece_andStreamsStayInOrder(@ForAll long seed) {
        Random random = new Random(seed);
        List<Tenant> tenants = List.of(
                new Tenant(0, "bulk", 1, 0),
                new Tenant(1, "paced", 1, 0, 5_000 * MEGA, 8 * CHUNK),
                new Tenant(2, "urgent", 1, 9));
        Watch watch = run(tenants, context -> {
            List<JobStream> streams = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                streams.add(context.openStream(tenants.get(i % 2), (job, end, now) -> {}));
            }
            for (int i = 0; i < COPIES; i++) {
                JobStream stream = streams.get(random.nextInt(6));
                JobSpec spec = spec(1 + random.nextLong(16 * CHUNK));
                context.schedule(random.nextLong(SPAN_NS), (now, payload) -> context.submit(stream, spec), 0);
            }
            long at = 0;
            for (int i = 0; i < 30; i++) {
                at += 200_000 + random.nextLong(1_000_000); // none waits for another of its kind
                copy(context, tenants.get(2), at, 1 + random.nextLong(CHUNK));
            }
        });
        CopyEngineSpec engine = DeviceModel.h200().copyH2d();
        for (Job job : watch.sent) {
            if (job.tenant().index() == 2) {
                long waited = watch.begins.getOrDefault(job, Long.MAX_VALUE) - job.dispatchedNs();
                assertThat(waited).as("%s for its engine", job).isLessThanOrEqualTo(engine.durationNs(CHUNK));
            }
        }
        Map<JobStream, Long> last = new HashMap<>();
        for (Job job : watch.ended) {
            assertThat(job.arrival()).isGreaterThan(last.getOrDefault(job.stream(), -1L));
            last.put(job.stream(), job.arrival());
        }
    }

    private static JobSpec spec(long bytes) {
        return new JobSpec(JobKind.COPY_H2D, 0, 0, 0, bytes, 0, 0, 0, 0, 0);
    }

    /** A copy in a stream of its own. */
    private static void copy(WorkloadContext context, Tenant tenant, long atNs, long bytes) {
        JobStream stream = context.openStream(tenant, (job, end, now) -> {});
        context.schedule(atNs, (now, payload) -> context.submit(stream, spec(1 + bytes)), 0);
    }

    private static Watch run(List<Tenant> tenants, Workload workload) {
        Watch watch = new Watch();
        DeviceModel model = DeviceModel.h200().withVslices(List.of(new VsliceSpec("all", 132, 1_000)));
        try (MapRegistry maps = new MapRegistry()) {
            Simulation simulation = Simulation.of(model)
                    .workload(workload)
                    .observer(watch)
                    .build((device, clock, rejections) -> new PolicyPlane(
                            new PlaneConfig(tenants, 1, PlaneConfig.DEFAULT_STALL_LIMIT_NS),
                            device,
                            clock::nowNs,
                            watch));
            try (PolicyPlane plane = (PolicyPlane) simulation.scheduler()) {
                LoadResult loaded =
                        new ImageLoader(maps).load(Library.policy("copy_budget").object());
                plane.activate(((LoadResult.Loaded) loaded).image(), ActivationReason.START);
                SimulationResult result = simulation.run();
                assertThat(result.outcome()).as(result.explanation()).isEqualTo(SimulationResult.Outcome.COMPLETED);
                assertThat(plane.activePolicy()).isEqualTo("copy_budget");
                assertThat(watch.ended).hasSameSizeAs(watch.sent);
            }
        }
        return watch;
    }
}
