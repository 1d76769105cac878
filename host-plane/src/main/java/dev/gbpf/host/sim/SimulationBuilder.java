package dev.gbpf.host.sim;

import dev.gbpf.host.workload.Workload;
import java.util.ArrayList;
import java.util.List;

/** What a simulation is put together from. */
public final class SimulationBuilder {
    final DeviceModel model;
    final List<Workload> workloads = new ArrayList<>();
    SimulationOptions options = SimulationOptions.defaults();
    DeviceObserver observer = new DeviceObserver() {};
    FaultPlan faults = FaultPlan.none();
    SimulationProgress progress = (nowNs, jobsDone) -> {};

    SimulationBuilder(DeviceModel model) {
        this.model = model;
    }

    /** Adds a source of jobs; they start in the order in which they were added. */
    public SimulationBuilder workload(Workload workload) {
        workloads.add(workload);
        return this;
    }

    public SimulationBuilder options(SimulationOptions newOptions) {
        this.options = newOptions;
        return this;
    }

    /** Who is told what the device runs; nobody by default. */
    public SimulationBuilder observer(DeviceObserver newObserver) {
        this.observer = newObserver;
        return this;
    }

    /** Which jobs fail; none by default. */
    public SimulationBuilder faults(FaultPlan newFaults) {
        this.faults = newFaults;
        return this;
    }

    /** Who is told how far it is; nobody by default. */
    public SimulationBuilder progress(SimulationProgress newProgress) {
        this.progress = newProgress;
        return this;
    }

    /**
     * Makes the simulation and its plane.
     *
     * @throws IllegalArgumentException when the workloads' resident memory is more than the device has
     */
    public Simulation build(SchedulerFactory factory) {
        return new Simulation(this, factory);
    }
}
