package dev.gbpf.host.plane;

import dev.gbpf.host.allocation.Access;
import dev.gbpf.host.allocation.Allocation;
import dev.gbpf.host.allocation.AllocationOwner;
import dev.gbpf.host.allocation.AllocationSpec;
import dev.gbpf.host.failsafe.ExitInfo;
import dev.gbpf.host.failsafe.FailsafeConfig;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.MemoryLimits;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.sim.CopyEngineSpec;
import dev.gbpf.host.sim.DeviceModel;
import dev.gbpf.host.sim.MemorySpec;
import dev.gbpf.host.sim.PoolSpec;
import dev.gbpf.host.sim.Simulation;
import dev.gbpf.host.sim.SimulationOptions;
import dev.gbpf.host.sim.VsliceSpec;
import dev.gbpf.host.swap.ActivationReason;
import dev.gbpf.host.workload.WorkloadMemory;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A plane on a simulated device of 64 MiB whose allocations are asked for by hand. Copies move one byte in a nanosecond. */
final class MemoryLab implements AutoCloseable, AllocationOwner {
    static final long MIB = 1 << 20;
    static final long MS = 1_000_000;
    static final List<Tenant> TENANTS = List.of(
            new Tenant(0, "a", 1, 0, new MemoryLimits(8 * MIB, 16 * MIB)),
            new Tenant(1, "b", 1, 0),
            new Tenant(2, "c", 1, 0));

    final List<Allocation> granted = new ArrayList<>();
    final Map<Allocation, Long> denied = new HashMap<>();
    final List<Allocation> ready = new ArrayList<>();
    final List<ExitInfo> exits = new ArrayList<>();
    final Map<MemoryEvent, List<Allocation>> events = new EnumMap<>(MemoryEvent.class);
    final Simulation simulation;
    final PolicyPlane plane;

    MemoryLab(PoolSpec... pools) {
        CopyEngineSpec engine = new CopyEngineSpec(1_000_000_000L, 0);
        DeviceModel model = new DeviceModel(
                        "lab",
                        100,
                        64 * MIB,
                        0,
                        engine,
                        engine,
                        1000,
                        List.of(new VsliceSpec("all", 100, 10)),
                        List.of())
                .withMemory(new MemorySpec(List.of(pools), 0, 16, 0, 0, 1_000_000_000_000L, 0));
        simulation = Simulation.of(model)
                .options(new SimulationOptions(Long.MAX_VALUE / 2, 10 * MS, Long.MAX_VALUE / 2, 0, true))
                .build((device, clock, rejections) -> new PolicyPlane(
                        new PlaneConfig(TENANTS, 1, FailsafeConfig.DEFAULTS), device, clock, new Listener()));
        plane = (PolicyPlane) simulation.scheduler();
        simulation.begin();
    }

    private final class Listener implements PlaneListener {
        @Override
        public void memory(MemoryEvent event, Allocation allocation, long nowNs) {
            events.computeIfAbsent(event, e -> new ArrayList<>()).add(allocation);
        }

        @Override
        public void ejected(ExitInfo exit) {
            exits.add(exit);
        }

        @Override
        public void rejected(Job job, long reason, long nowNs) {
            throw new AssertionError(job + " was rejected");
        }
    }

    List<Allocation> events(MemoryEvent event) {
        return events.getOrDefault(event, List.of());
    }

    WorkloadMemory memory() {
        return simulation.work().memory();
    }

    void decide(PolicyImage image) {
        plane.activate(image, ActivationReason.SWAP);
        now();
    }

    /** Asks for memory, and lets the plane answer. */
    Allocation ask(int tenant, long bytes) {
        return ask(tenant, AllocationSpec.of(bytes));
    }

    Allocation ask(int tenant, AllocationSpec spec) {
        Allocation allocation = memory().request(TENANTS.get(tenant), spec, this);
        now();
        return allocation;
    }

    static AllocationSpec pinned(long bytes) {
        return new AllocationSpec(bytes, Access.WARM, false, true, 1000, 0);
    }

    /** Serves what there is to serve at this time. */
    void now() {
        run(0);
    }

    void run(long ns) {
        long end = simulation.clock().nowNs() + ns;
        for (long next = simulation.nextNs(); next <= end; next = simulation.nextNs()) {
            simulation.step(next);
        }
        do {
            simulation.step(end);
        } while (simulation.nextNs() <= end);
    }

    @Override
    public void granted(Allocation allocation) {
        granted.add(allocation);
    }

    @Override
    public void denied(Allocation allocation, long reason) {
        denied.put(allocation, reason);
    }

    @Override
    public void ready(Allocation allocation) {
        ready.add(allocation);
    }

    @Override
    public void close() {
        plane.close();
    }
}
