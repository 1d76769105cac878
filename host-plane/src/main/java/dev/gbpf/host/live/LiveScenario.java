package dev.gbpf.host.live;

import dev.gbpf.host.live.LiveStatus.DeviceStatus;
import dev.gbpf.host.live.LiveStatus.VsliceStatus;
import dev.gbpf.host.plane.PlaneConfig;
import dev.gbpf.host.plane.PlaneListener;
import dev.gbpf.host.plane.PolicyPlane;
import dev.gbpf.host.queue.Roster;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.scenario.RunListeners;
import dev.gbpf.host.scenario.Scenario;
import dev.gbpf.host.scenario.ScenarioException;
import dev.gbpf.host.scenario.ScenarioTenant;
import dev.gbpf.host.sim.DeviceModel;
import dev.gbpf.host.sim.SimulatedDevice;
import dev.gbpf.host.sim.Simulation;
import dev.gbpf.host.sim.SimulationBuilder;
import dev.gbpf.host.sim.SimulationOptions;
import dev.gbpf.host.sim.VsliceSpec;
import dev.gbpf.host.swap.SwapMonitor;
import dev.gbpf.host.thread.Reclaimer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * A plane in real time on a scenario's simulated device, for its tenants and with its work, which repeats until it is closed.
 * The scenario's policies do not count: it begins in bypass.
 */
public final class LiveScenario implements LiveHost {
    private final Simulation simulation;
    private final RepeatedWork work;
    private final LivePlane plane;
    private final Reclaimer reclaimer = new Reclaimer();
    private final SwapMonitor swaps;
    private final List<Tenant> tenants;
    private final StatusSource status;

    /**
     * Prepares a plane; {@link LivePlane#start} begins.
     *
     * @param scenario device, tenants and work; a scenario without work is driven through {@link LivePlane#openStream} alone
     * @param speed device time that passes in a unit of real time
     * @param listener told what happens, on the plane's thread
     * @param clock monotonic, ns
     * @throws ScenarioException when a trace cannot be read
     * @throws IllegalArgumentException when the work's resident memory is more than the device has
     */
    public LiveScenario(Scenario scenario, double speed, PlaneListener listener, LongSupplier clock) {
        this.tenants = scenario.tenants().stream().map(ScenarioTenant::tenant).toList();
        TenantCounts counts = new TenantCounts(Roster.of(tenants));
        this.work = new RepeatedWork(scenario);
        PlaneConfig config = new PlaneConfig(tenants, scenario.seed(), scenario.failsafe(), reclaimer);
        SimulationBuilder builder = Simulation.of(scenario.device())
                .options(SimulationOptions.defaults().withTickNs(scenario.tickNs()))
                .workload(work);
        this.simulation = builder.build((device, time, rejections) ->
                new PolicyPlane(config, device, time, new RunListeners(List.of(counts, listener, rejections))));
        PolicyPlane decides = (PolicyPlane) simulation.scheduler();
        this.swaps = decides.monitor();
        this.plane = new LivePlane(new SimulatedLiveDevice(simulation, decides), decides, speed, clock);
        this.status = new StatusSource(
                plane, counts, simulation.clock()::nowNs, () -> device(simulation.device()), List::of, clock);
    }

    @Override
    public LivePlane plane() {
        return plane;
    }

    @Override
    public String kind() {
        return "simulated";
    }

    @Override
    public SwapMonitor swaps() {
        return swaps;
    }

    @Override
    public List<Tenant> tenants() {
        return tenants;
    }

    @Override
    public CompletableFuture<LiveStatus> status() {
        return status.status();
    }

    private static DeviceStatus device(SimulatedDevice device) {
        DeviceModel model = device.model();
        List<VsliceStatus> vslices = new ArrayList<>();
        for (int i = 0; i < model.vslices().size(); i++) {
            VsliceSpec spec = model.vslices().get(i);
            vslices.add(new VsliceStatus(spec.name(), spec.sms(), device.inflight(i), spec.inflightLimit()));
        }
        return new DeviceStatus(model.name(), model.sms(), model.memoryBytes(), device.usedMemoryBytes(), vslices);
    }

    @Override
    public void close() {
        plane.close();
        reclaimer.close();
        work.close();
    }
}
