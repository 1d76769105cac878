package dev.gbpf.host.cli;

import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.host.observe.MetricsServer;
import dev.gbpf.host.observe.MetricsSnapshot;
import dev.gbpf.host.plane.PolicyPlane;
import dev.gbpf.host.scenario.RunObserver;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Serves the metrics of a run in virtual time while it goes on. Its thread makes them when somebody has asked, and waits for nobody. */
final class RunMetrics implements RunObserver, AutoCloseable {
    private static final long PATIENCE_NS = 2_000_000_000L;
    private static final long LOOK_EVERY_NS = 5_000_000L;

    private final RunObserver next;
    private final MetricsServer server;
    private volatile boolean wanted;
    private volatile @Nullable MetricsSnapshot latest;

    /**
     * Begins to serve.
     *
     * @param port of the loopback interface, 0 for any that is free
     * @param next who looks at the run too
     * @throws IOException when the port is taken
     */
    RunMetrics(int port, RunObserver next) throws IOException {
        this.next = next;
        this.server = MetricsServer.start(port, null, this::snapshot);
    }

    /** Where it serves. */
    String address() {
        return "http://127.0.0.1:" + server.port() + "/metrics";
    }

    @Override
    public void running(PolicyPlane plane) {
        if (wanted || latest == null) {
            wanted = false;
            latest = plane.metrics();
        }
        next.running(plane);
    }

    @Override
    public void ended(String policy, MapRegistry maps) {
        next.ended(policy, maps);
    }

    /** Of a moment after the call, or the last one there was. */
    private MetricsSnapshot snapshot() {
        MetricsSnapshot before = latest;
        wanted = true;
        long untilNs = System.nanoTime() + PATIENCE_NS;
        while (wanted && System.nanoTime() < untilNs) {
            LockSupport.parkNanos(LOOK_EVERY_NS);
        }
        MetricsSnapshot now = latest == null ? before : latest;
        if (now == null) {
            throw new IllegalStateException("the run has not begun");
        }
        return now;
    }

    @Override
    public void close() {
        server.close();
    }
}
