package dev.gbpf.host.live;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.live.LiveStatus.DeviceStatus;
import dev.gbpf.host.live.LiveStatus.VsliceStatus;
import dev.gbpf.host.plane.PlaneConfig;
import dev.gbpf.host.plane.PlaneListener;
import dev.gbpf.host.plane.PlaneStatistics;
import dev.gbpf.host.plane.PolicyPlane;
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
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A plane in real time on a scenario's simulated device, for its tenants and with its work, which repeats until it is closed.
 * The scenario's policies do not count: it begins in bypass.
 */
public final class LiveScenario implements AutoCloseable {
    /** How old a status may be that is given again, real ns. */
    private static final long FRESH_NS = 5_000_000L;

    private final Simulation simulation;
    private final RepeatedWork work;
    private final TenantCounts counts;
    private final LivePlane plane;
    private final Reclaimer reclaimer = new Reclaimer();
    private final SwapMonitor swaps;
    private final List<Tenant> tenants;
    private final LongSupplier clock;
    private volatile @Nullable Dated latest;

    private record Dated(long madeNs, LiveStatus status) {}

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
        this.clock = clock;
        this.counts = new TenantCounts(tenants);
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
    }

    public LivePlane plane() {
        return plane;
    }

    /** How the policies stand; for any thread. */
    public SwapMonitor swaps() {
        return swaps;
    }

    /** By index. */
    public List<Tenant> tenants() {
        return tenants;
    }

    /** How the plane stands now, or stood a few milliseconds ago; completed exceptionally when it has stopped. */
    public CompletableFuture<LiveStatus> status() {
        Dated known = latest;
        if (known != null && clock.getAsLong() - known.madeNs() < FRESH_NS) {
            return CompletableFuture.completedFuture(known.status());
        }
        return plane.ask(decides -> {
            LiveStatus status = make(decides);
            latest = new Dated(clock.getAsLong(), status);
            return status;
        });
    }

    private LiveStatus make(PolicyPlane decides) {
        PlaneStatistics statistics = decides.statistics();
        Map<Hook, Long> decisions = new EnumMap<>(Hook.class);
        for (Hook hook : Hook.values()) {
            if (statistics.decisions(hook) > 0) {
                decisions.put(hook, statistics.decisions(hook));
            }
        }
        Map<String, Long> events = new LinkedHashMap<>();
        events.put("failedInsertions", statistics.insertErrors());
        events.put("emptyChoices", statistics.emptyChoices());
        events.put("deferrals", statistics.deferrals());
        events.put("memoryWaits", statistics.memoryWaits());
        events.put("inherited", statistics.inherited());
        events.put("logEntries", decides.log().written());
        events.put("traceLines", decides.trace().written());
        return new LiveStatus(
                simulation.clock().nowNs(),
                plane.skippedNs(),
                decides.activePolicy(),
                decides.queued(),
                decides.running(),
                decisions,
                events,
                counts.status(),
                device(simulation.device()));
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

    /** Stops the plane, whose active policy's {@code exit} runs. */
    @Override
    public void close() {
        plane.close();
        reclaimer.close();
        work.close();
    }
}
