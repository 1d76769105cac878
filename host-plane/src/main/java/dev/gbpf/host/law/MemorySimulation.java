package dev.gbpf.host.law;

import dev.gbpf.host.allocation.Allocation;
import dev.gbpf.host.image.ImageLoader;
import dev.gbpf.host.image.LoadResult;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.host.plane.MemoryEvent;
import dev.gbpf.host.plane.PlaneConfig;
import dev.gbpf.host.plane.PlaneListener;
import dev.gbpf.host.plane.PlaneStatistics;
import dev.gbpf.host.plane.PolicyPlane;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.scenario.RunListeners;
import dev.gbpf.host.sim.DeviceModel;
import dev.gbpf.host.sim.Simulation;
import dev.gbpf.host.sim.SimulationBuilder;
import dev.gbpf.host.sim.SimulationOptions;
import dev.gbpf.host.sim.SimulationResult;
import dev.gbpf.host.swap.ActivationReason;
import dev.gbpf.host.swap.ActivationRecord;
import dev.gbpf.host.workload.MemoryParameters;
import dev.gbpf.host.workload.MemoryWorkload;
import dev.gbpf.object.PolicyObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/** Runs one policy with clients that hold allocations on a simulated device, and shows a law everything that happens to them. */
public final class MemorySimulation {
    private final PolicyObject policy;
    private final DeviceModel device;
    private final List<Tenant> tenants;

    MemorySimulation(PolicyObject policy, DeviceModel device, List<Tenant> tenants) {
        this.policy = policy;
        this.device = device;
        this.tenants = List.copyOf(tenants);
    }

    /**
     * Runs until the clients have given everything back, with the device's own checks after each event.
     *
     * @return what the plane counted
     * @throws AssertionError when the law is broken, a client waits for ever, or the policy was taken out
     */
    public PlaneStatistics run(List<MemoryParameters> clients, MemoryLaw law) {
        try (MapRegistry maps = new MapRegistry()) {
            return switch (new ImageLoader(maps).load(policy)) {
                case LoadResult.Loaded(PolicyImage image) -> run(image, clients, law);
                case LoadResult.Rejected rejected ->
                    throw new IllegalStateException("an accepted policy was rejected: " + rejected.diagnostics());
            };
        }
    }

    private PlaneStatistics run(PolicyImage image, List<MemoryParameters> clients, MemoryLaw law) {
        Watch watch = new Watch(law);
        SimulationBuilder builder =
                Simulation.of(device).options(SimulationOptions.defaults().withChecks(true));
        clients.forEach(each -> builder.workload(new MemoryWorkload(each)));
        List<PolicyPlane> planes = new ArrayList<>();
        Simulation simulation = builder.build((onDevice, clock, rejections) -> {
            PlaneConfig config = new PlaneConfig(tenants, 1, PlaneConfig.DEFAULT_STALL_LIMIT_NS);
            PolicyPlane plane =
                    new PolicyPlane(config, onDevice, clock::nowNs, new RunListeners(List.of(watch, rejections)));
            planes.add(plane);
            return plane;
        });
        try (PolicyPlane plane = planes.getFirst()) {
            plane.activate(image, ActivationReason.START);
            SimulationResult result = simulation.run();
            if (result.outcome() != SimulationResult.Outcome.COMPLETED) {
                throw new AssertionError("clients wait: " + result.explanation());
            }
            if (watch.activations.size() != 1) {
                throw new AssertionError("the policy was taken out: " + watch.activations);
            }
            if (!watch.live.isEmpty()) {
                throw new AssertionError("the clients have ended, and these are left: " + watch.live);
            }
            return plane.statistics();
        }
    }

    private static final class Watch implements PlaneListener {
        private final MemoryLaw law;
        private final Collection<Allocation> live = new LinkedHashSet<>();
        private final List<ActivationRecord> activations = new ArrayList<>();

        Watch(MemoryLaw law) {
            this.law = law;
        }

        @Override
        public void memory(MemoryEvent event, Allocation allocation, long nowNs) {
            switch (event) {
                case ASKED -> live.add(allocation);
                case FREED, DENIED -> live.remove(allocation);
                default -> {}
            }
            law.happened(event, allocation, live, nowNs);
        }

        @Override
        public void rejected(Job job, long reason, long nowNs) {
            throw new AssertionError(job + " was rejected");
        }

        @Override
        public void activated(ActivationRecord activation) {
            activations.add(activation);
        }
    }
}
