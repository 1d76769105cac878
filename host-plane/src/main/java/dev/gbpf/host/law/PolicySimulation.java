package dev.gbpf.host.law;

import dev.gbpf.abi.Constants;
import dev.gbpf.host.image.ImageLoader;
import dev.gbpf.host.image.LoadResult;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.map.MapRegistry;
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
import dev.gbpf.host.swap.ActivationReason;
import dev.gbpf.host.swap.ActivationRecord;
import dev.gbpf.host.workload.Workload;
import dev.gbpf.host.workload.WorkloadContext;
import dev.gbpf.object.PolicyObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Runs one policy over given jobs on a simulated device, and shows a law every decision. */
public final class PolicySimulation {
    /** SMs of the device; jobs are of this width, so that they run one after the other at full speed. */
    private static final int SMS = 132;

    private final PolicyObject policy;
    private final int inflight;
    private final List<Tenant> tenants;

    PolicySimulation(PolicyObject policy, int inflight, List<Tenant> tenants) {
        this.policy = policy;
        this.inflight = inflight;
        this.tenants = List.copyOf(tenants);
    }

    /** Tenants with these weights, of one priority. */
    public static List<Tenant> weighted(int... weights) {
        List<Tenant> tenants = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            tenants.add(new Tenant(i, "t" + i, weights[i], 0));
        }
        return tenants;
    }

    /**
     * Runs all jobs to their ends.
     *
     * @param arrivals in order of time
     * @throws AssertionError when the law is broken, a job is lost, or the policy was taken out
     */
    public SimulatedRun run(List<Arrival> arrivals, DispatchLaw law) {
        try (MapRegistry maps = new MapRegistry()) {
            return switch (new ImageLoader(maps).load(policy)) {
                case LoadResult.Loaded(PolicyImage image) -> run(image, arrivals, law);
                case LoadResult.Rejected rejected ->
                    throw new IllegalStateException("an accepted policy was rejected: " + rejected.diagnostics());
            };
        }
    }

    private SimulatedRun run(PolicyImage image, List<Arrival> arrivals, DispatchLaw law) {
        DeviceModel model = DeviceModel.h200().withVslices(List.of(new VsliceSpec("all", SMS, inflight)));
        Watch watch = new Watch(law);
        List<PolicyPlane> planes = new ArrayList<>();
        Simulation simulation = Simulation.of(model)
                .workload(new Arrivals(arrivals))
                .options(SimulationOptions.defaults().withChecks(false))
                .build((device, clock, rejections) -> {
                    PlaneConfig config = new PlaneConfig(tenants, 1, PlaneConfig.DEFAULT_STALL_LIMIT_NS);
                    PolicyPlane plane = new PolicyPlane(config, device, clock::nowNs, watch);
                    planes.add(plane);
                    return plane;
                });
        try (PolicyPlane plane = planes.getFirst()) {
            plane.activate(image, ActivationReason.START);
            SimulationResult result = simulation.run();
            if (result.outcome() != SimulationResult.Outcome.COMPLETED || result.retired() != arrivals.size()) {
                throw new AssertionError(
                        result.retired() + " of " + arrivals.size() + " jobs ran: " + result.explanation());
            }
            if (watch.activations.size() != 1) {
                throw new AssertionError("the policy was taken out: " + watch.activations);
            }
        }
        return new SimulatedRun(tenants, watch.started, watch.ended);
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

    /** Keeps what waits, starts and ends, and asks the law at each dispatch. */
    private static final class Watch implements PlaneListener {
        private final DispatchLaw law;
        private final Set<Job> waiting = new LinkedHashSet<>();
        private final List<SimulatedRun.Started> started = new ArrayList<>();
        private final List<SimulatedRun.Ended> ended = new ArrayList<>();
        private final List<ActivationRecord> activations = new ArrayList<>();
        private final int[] waitingOf = new int[Constants.MAX_TENANTS];
        private int backlogged;

        Watch(DispatchLaw law) {
            this.law = law;
        }

        @Override
        public void submitted(Job job, long nowNs) {
            waiting.add(job);
            backlogged += waitingOf[job.tenant().index()]++ == 0 ? 1 : 0;
        }

        @Override
        public void dispatched(Job job, long nowNs) {
            law.onDispatch(job, waiting, nowNs);
            started.add(new SimulatedRun.Started(job, nowNs, backlogged));
            waiting.remove(job);
            backlogged -= --waitingOf[job.tenant().index()] == 0 ? 1 : 0;
        }

        @Override
        public void yielded(Job job, long runNs, long nowNs) {
            submitted(job, nowNs);
        }

        @Override
        public void retired(Job job, long runNs, boolean failed, long nowNs) {
            ended.add(new SimulatedRun.Ended(job, nowNs, runNs));
        }

        @Override
        public void activated(ActivationRecord activation) {
            activations.add(activation);
        }
    }
}
