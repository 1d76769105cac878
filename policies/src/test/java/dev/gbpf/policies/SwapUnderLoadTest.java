package dev.gbpf.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.image.ImageLoader;
import dev.gbpf.host.image.LoadResult;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.host.plane.PlaneConfig;
import dev.gbpf.host.plane.PlaneListener;
import dev.gbpf.host.plane.PolicyPlane;
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
import dev.gbpf.host.swap.SwapOutcome;
import dev.gbpf.host.workload.Workload;
import dev.gbpf.host.workload.WorkloadContext;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import dev.gbpf.object.PolicyObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Compiled and verified policies are swapped at random times under load: no job is lost or decided twice, streams stay in
 * order, and the maps of a policy of the same name keep what they held.
 */
class SwapUnderLoadTest {
    private static final int JOBS = 500;
    private static final int SWAPS = 25;
    private static final long SPAN_NS = 200_000_000L;
    private static final List<Tenant> TENANTS = List.of(new Tenant(0, "a", 3, 1), new Tenant(1, "b", 1, 0));

    /** Counts what it was asked; versions differ in a constant, and so in their code, but not in their map. */
    private static String counter(int version) {
        return """
                policy counter;
                map asked: array<u64>[1];
                hook init(ctx) { dsq_create(1, DSQ_FIFO); }
                hook on_submit(ctx) { asked[0] += 1; log(VERSION, ctx.job_id); dsq_insert(1); return ENQUEUE; }
                hook on_dispatch(ctx) { return 1; }
                """.replace("VERSION", Integer.toString(version));
    }

    private static PolicyObject compiled(SourceFile source) {
        return ((CompileResult.Compiled) PolicyCompiler.compile(source)).object();
    }

    private static List<PolicyObject> choices() {
        List<PolicyObject> choices = new ArrayList<>();
        for (int version = 1; version <= 3; version++) {
            choices.add(compiled(new SourceFile("counter" + version + ".gbpf", counter(version))));
        }
        for (String name : List.of("fifo", "round_robin", "weighted_fair", "priority_sla")) {
            choices.add(compiled(Library.source(name)));
        }
        return choices;
    }

    @Property(tries = 25)
    void swapsAtRandomTimes_loseNothing_andKeepMaps(@ForAll long seed) {
        Random random = new Random(seed);
        List<PolicyObject> choices = choices();
        Audit audit = new Audit();
        try (MapRegistry maps = new MapRegistry()) {
            ImageLoader loader = new ImageLoader(maps);
            Simulation simulation = Simulation.of(
                            DeviceModel.h200().withVslices(List.of(new VsliceSpec("all", 132, 3))))
                    .workload(new RandomJobs(random))
                    .build((device, clock, rejections) -> new PolicyPlane(
                            new PlaneConfig(TENANTS, seed, PlaneConfig.DEFAULT_STALL_LIMIT_NS), device, clock, audit));
            try (PolicyPlane plane = (PolicyPlane) simulation.scheduler()) {
                audit.plane = plane;
                for (int i = 0; i < SWAPS; i++) {
                    PolicyObject next = choices.get(random.nextInt(choices.size()));
                    simulation.at(random.nextLong(SPAN_NS), () -> swap(plane, loader, next));
                }
                SimulationResult result = simulation.run();
                assertThat(result.outcome()).as(result.explanation()).isEqualTo(SimulationResult.Outcome.COMPLETED);
                assertThat(audit.retired).hasSize(JOBS);
                assertThat(audit.faults).isEmpty();
            }
            long counted = maps.maps("counter").stream()
                    .mapToLong(map -> ByteBuffer.wrap(map.get(0).orElseThrow())
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getLong())
                    .sum();
            assertThat(counted)
                    .as("what all versions of counter counted together")
                    .isEqualTo(audit.askedCounter);
        }
    }

    private static void swap(PolicyPlane plane, ImageLoader loader, PolicyObject next) {
        LoadResult loaded = loader.load(next);
        assertThat(loaded).isInstanceOf(LoadResult.Loaded.class);
        SwapOutcome outcome = plane.activate(((LoadResult.Loaded) loaded).image(), ActivationReason.SWAP);
        assertThat(outcome).isInstanceOf(SwapOutcome.Activated.class);
    }

    /** Bursts of jobs on a handful of streams. */
    private static final class RandomJobs implements Workload {
        private final Random random;

        RandomJobs(Random random) {
            this.random = random;
        }

        @Override
        public void start(WorkloadContext context) {
            List<JobStream> streams = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                streams.add(context.openStream(TENANTS.get(i % TENANTS.size()), (job, end, now) -> {}));
            }
            for (int i = 0; i < JOBS; i++) {
                JobStream stream = streams.get(random.nextInt(streams.size()));
                JobSpec spec =
                        new JobSpec(JobKind.KERNEL, 132, 400_000, 1 + random.nextLong(800_000), 0, 0, 0, 0, 0, 0);
                context.schedule(random.nextLong(SPAN_NS), (now, payload) -> context.submit(stream, spec), 0);
            }
        }
    }

    /** Each job once, streams in order, and how often a version of counter was asked. */
    private static final class Audit implements PlaneListener {
        private final Set<Long> dispatched = new HashSet<>();
        private final Set<Long> retired = new HashSet<>();
        private final List<String> faults = new ArrayList<>();
        private final Map<Long, Long> lastArrival = new HashMap<>();
        private long askedCounter;

        @SuppressWarnings("NullAway.Init") // set before the simulation runs
        private PolicyPlane plane;

        @Override
        public void queued(Job job, int dsq, long nowNs) {
            if (plane.activePolicy().equals("counter")) {
                askedCounter++;
            }
        }

        @Override
        public void dispatched(Job job, long nowNs) {
            assertThat(dispatched.add(job.id()))
                    .as("%s is dispatched once", job)
                    .isTrue();
            Long before = lastArrival.put(job.stream().id(), job.arrival());
            assertThat(before == null || before < job.arrival())
                    .as("%s in order", job)
                    .isTrue();
        }

        @Override
        public void retired(Job job, long runNs, boolean failed, long nowNs) {
            assertThat(retired.add(job.id())).as("%s is retired once", job).isTrue();
        }

        @Override
        public void faulted(String policy, Hook hook, String what, long nowNs) {
            faults.add(policy + " " + hook + " " + what);
        }
    }
}
