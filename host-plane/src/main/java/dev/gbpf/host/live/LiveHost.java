package dev.gbpf.host.live;

import dev.gbpf.host.observe.Metric;
import dev.gbpf.host.observe.MetricsSnapshot.Sample;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.swap.SwapMonitor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A plane in real time with the device and the work that it has. */
public interface LiveHost extends AutoCloseable {
    LivePlane plane();

    /** The kind of its device, in one word. */
    String kind();

    /** What it counts besides what the plane does; for any thread. */
    default Map<Metric, List<Sample>> samples() {
        return Map.of();
    }

    /**
     * Changes what a tenant is to have.
     *
     * @return completed with the tenant as it is then; with nothing when there is none of that name, or tenants cannot be changed
     */
    default CompletableFuture<Optional<Tenant>> change(String tenant, TenantChange change) {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    /** Records what its applications do; nothing where there are none. */
    default Optional<JobRecorder> recorder() {
        return Optional.empty();
    }

    /** How the policies stand; for any thread. */
    SwapMonitor swaps();

    /** By index, as they are now. */
    List<Tenant> tenants();

    /** How the plane stands now, or stood a few milliseconds ago; completed exceptionally when it has stopped. */
    CompletableFuture<LiveStatus> status();

    /** Stops the plane, whose active policy's {@code exit} runs. */
    @Override
    void close();
}
