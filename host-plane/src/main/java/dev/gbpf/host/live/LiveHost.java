package dev.gbpf.host.live;

import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.swap.SwapMonitor;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A plane in real time with the device and the work that it has. */
public interface LiveHost extends AutoCloseable {
    LivePlane plane();

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
