package dev.gbpf.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.image.ImageLoader;
import dev.gbpf.host.image.LoadResult;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.library.PolicyLibrary;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.host.plane.ActivationReason;
import dev.gbpf.host.plane.ActivationRecord;
import dev.gbpf.host.plane.PlaneConfig;
import dev.gbpf.host.plane.PlaneListener;
import dev.gbpf.host.plane.PolicyPlane;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.sim.DeviceModel;
import dev.gbpf.host.sim.Simulation;
import dev.gbpf.host.sim.SimulationOptions;
import dev.gbpf.host.sim.SimulationResult;
import dev.gbpf.host.sim.VsliceSpec;
import dev.gbpf.host.workload.Workload;
import dev.gbpf.host.workload.WorkloadContext;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Runs one policy of the library over given jobs, and shows a law every decision: which jobs waited, and which of them went.
 */
final class PolicyBench {
    /** SMs of the device; jobs of this width run one after the other at full speed. */
    static final int SMS = 132;

    /**
     * A job to submit, on a stream of its own.
     *
     * @param atNs when, ns
     * @param tenant whose
     * @param workNs device time that it takes alone, ns
     * @param deadlineAfterNs ns, 0 for none
     */
    record Arrival(long atNs, int tenant, long workNs, long deadlineAfterNs) {}

    /**
     * A job that is over.
     *
     * @param job which
     * @param endNs when it ended, ns
     * @param runNs device time that it used, ns
     */
    record Ended(Job job, long endNs, long runNs) {}

    /** Sees each decision. */
    @FunctionalInterface
    interface Law {
        /**
         * A job goes to the device.
         *
         * @param went which
         * @param waiting all jobs that waited, the one that went among them, in order of arrival
         */
        void onDispatch(Job went, Set<Job> waiting, long nowNs);
    }

    private final String policy;
    private final List<Tenant> tenants;
    private final int inflight;
    private final List<Ended> ended = new ArrayList<>();
    private final List<ActivationRecord> activations = new ArrayList<>();

    PolicyBench(String policy, int inflight, List<Tenant> tenants) {
        this.policy = policy;
        this.inflight = inflight;
        this.tenants = tenants;
    }

    /** Tenants with these weights, of one priority. */
    static List<Tenant> weighted(int... weights) {
        List<Tenant> tenants = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            tenants.add(new Tenant(i, "t" + i, weights[i], 0));
        }
        return tenants;
    }

    /** The source of a policy of the library. */
    static SourceFile source(String name) {
        return PolicyLibrary.ofClassPath().policy(name).orElseThrow().source();
    }

    /** Compiles and verifies a policy of the library. */
    static LoadResult load(String name, ImageLoader loader) {
        CompileResult compiled = PolicyCompiler.compile(source(name));
        assertThat(compiled).isInstanceOf(CompileResult.Compiled.class);
        return loader.load(((CompileResult.Compiled) compiled).object());
    }

    /** Jobs that are over, in order of their ends. */
    List<Ended> run(List<Arrival> arrivals, Law law) {
        try (MapRegistry maps = new MapRegistry()) {
            LoadResult loaded = load(policy, new ImageLoader(maps));
            assertThat(loaded).as("%s loads", policy).isInstanceOf(LoadResult.Loaded.class);
            run(((LoadResult.Loaded) loaded).image(), arrivals, law);
        }
        return ended;
    }

    private void run(PolicyImage image, List<Arrival> arrivals, Law law) {
        DeviceModel model = DeviceModel.h200().withVslices(List.of(new VsliceSpec("all", SMS, inflight)));
        List<PolicyPlane> planes = new ArrayList<>();
        Simulation simulation = Simulation.of(model)
                .workload(new Arrivals(arrivals))
                .options(SimulationOptions.defaults().withChecks(false))
                .build((device, clock, rejections) -> {
                    PlaneConfig config = new PlaneConfig(tenants, 1, PlaneConfig.DEFAULT_STALL_LIMIT_NS);
                    PolicyPlane plane = new PolicyPlane(config, device, clock::nowNs, new Watch(law));
                    planes.add(plane);
                    return plane;
                });
        try (PolicyPlane plane = planes.getFirst()) {
            plane.activate(image, ActivationReason.START);
            SimulationResult result = simulation.run();
            assertThat(result.outcome()).as(result.explanation()).isEqualTo(SimulationResult.Outcome.COMPLETED);
            assertThat(result.retired()).isEqualTo(arrivals.size());
            assertThat(activations).as("the policy was never taken out").hasSize(1);
        }
    }

    /** Submits jobs at their times. */
    private final class Arrivals implements Workload {
        private final List<Arrival> arrivals;

        Arrivals(List<Arrival> arrivals) {
            this.arrivals = arrivals;
        }

        @Override
        public void start(WorkloadContext context) {
            for (int i = 0; i < arrivals.size(); i++) {
                context.schedule(arrivals.get(i).atNs(), (now, index) -> submit(context, (int) index), i);
            }
        }

        private void submit(WorkloadContext context, int index) {
            Arrival a = arrivals.get(index);
            JobSpec spec = new JobSpec(JobKind.KERNEL, SMS, a.workNs(), a.workNs(), 0, 0, a.deadlineAfterNs(), 0, 0, 0);
            context.submit(context.openStream(tenants.get(a.tenant()), (job, end, now) -> {}), spec);
        }
    }

    /** Keeps what waits, and asks the law at each dispatch. */
    private final class Watch implements PlaneListener {
        private final Law law;
        private final Set<Job> waiting = new LinkedHashSet<>();

        Watch(Law law) {
            this.law = law;
        }

        @Override
        public void submitted(Job job, long nowNs) {
            waiting.add(job);
        }

        @Override
        public void dispatched(Job job, long nowNs) {
            law.onDispatch(job, waiting, nowNs);
            waiting.remove(job);
        }

        @Override
        public void retired(Job job, long runNs, boolean failed, long nowNs) {
            ended.add(new Ended(job, nowNs, runNs));
        }

        @Override
        public void activated(ActivationRecord activation) {
            activations.add(activation);
        }
    }
}
