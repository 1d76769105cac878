package dev.gbpf.host.live;

import dev.gbpf.host.plane.PolicyPlane;
import dev.gbpf.host.sim.Simulation;
import dev.gbpf.host.workload.WorkloadContext;

/** The simulated device: its virtual time is what the plane's thread lets pass. */
final class SimulatedLiveDevice implements LiveDevice {
    private final Simulation simulation;
    private final PolicyPlane plane;

    SimulatedLiveDevice(Simulation simulation, PolicyPlane plane) {
        this.simulation = simulation;
        this.plane = plane;
    }

    @Override
    public WorkloadContext work() {
        return simulation.work();
    }

    @Override
    public void begin() {
        unlessEndless(simulation.begin());
    }

    @Override
    public long nextNs() {
        return simulation.nextNs();
    }

    @Override
    public void step(long timeNs) {
        unlessEndless(simulation.step(timeNs));
    }

    /** Bypass refuses nothing, so that time goes on with it. */
    private void unlessEndless(boolean ended) {
        if (!ended) {
            plane.bypass("it refused jobs at one instant without end");
        }
    }
}
