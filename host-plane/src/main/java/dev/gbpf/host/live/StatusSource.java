package dev.gbpf.host.live;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.live.LiveStatus.DeviceStatus;
import dev.gbpf.host.plane.PlaneStatistics;
import dev.gbpf.host.plane.PolicyPlane;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Says how a plane stands, and says it again for some milliseconds without asking its thread. */
public final class StatusSource {
    /** How old a status may be that is given again, real ns. */
    private static final long FRESH_NS = 5_000_000L;

    private final LivePlane plane;
    private final TenantCounts counts;
    private final LongSupplier deviceNs;
    private final Supplier<DeviceStatus> device;
    private final Supplier<List<ApplicationStatus>> applications;
    private final LongSupplier clock;
    private volatile @Nullable Dated latest;

    private record Dated(long madeNs, LiveStatus status) {}

    /**
     * A source.
     *
     * @param plane asked on its thread
     * @param counts what became of the tenants' jobs
     * @param deviceNs device time; called on the plane's thread
     * @param device what it holds; called on the plane's thread
     * @param applications the processes that are attached; called on the plane's thread
     * @param clock monotonic, ns
     */
    public StatusSource(
            LivePlane plane,
            TenantCounts counts,
            LongSupplier deviceNs,
            Supplier<DeviceStatus> device,
            Supplier<List<ApplicationStatus>> applications,
            LongSupplier clock) {
        this.plane = plane;
        this.counts = counts;
        this.deviceNs = deviceNs;
        this.device = device;
        this.applications = applications;
        this.clock = clock;
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
                deviceNs.getAsLong(),
                plane.skippedNs(),
                decides.activePolicy(),
                decides.queued(),
                decides.running(),
                decisions,
                events,
                counts.status(),
                device.get(),
                applications.get());
    }
}
