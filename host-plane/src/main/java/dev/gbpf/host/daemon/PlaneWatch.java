package dev.gbpf.host.daemon;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.control.EventLog;
import dev.gbpf.host.control.RequestException;
import dev.gbpf.host.failsafe.Watchdog;
import dev.gbpf.host.live.LiveHost;
import dev.gbpf.host.live.LivePlane;
import dev.gbpf.host.observe.MetricsServer;
import dev.gbpf.host.observe.MetricsSnapshot;
import dev.gbpf.host.observe.Observation;
import dev.gbpf.host.plane.PolicyPlane;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Looks at a plane in real time while it runs: times its decisions, watches its thread, and serves its metrics. */
final class PlaneWatch implements AutoCloseable {
    private static final long NS_PER_MS = 1_000_000L;

    private final Watchdog watchdog;
    private @Nullable MetricsServer metrics;

    private PlaneWatch(Watchdog watchdog) {
        this.watchdog = watchdog;
    }

    /**
     * Begins.
     *
     * @param live running
     * @param metricsPort 0 for no metrics
     * @throws RequestException when the plane has stopped
     * @throws IOException when the port is taken
     */
    static PlaneWatch start(LiveHost live, int metricsPort, EventLog log) throws RequestException, IOException {
        LivePlane plane = live.plane();
        Watchdog watchdog = PolicyChanges.await(plane.ask(decides -> {
            decides.observation().time(System::nanoTime, Observation.TIMED_ONE_OF);
            return new Watchdog(
                    decides.observation().heartbeat(),
                    Watchdog.DEFAULTS,
                    System::nanoTime,
                    Watchdog.accusing(decides.failsafe(), new Logged(log)));
        }));
        watchdog.start();
        PlaneWatch watch = new PlaneWatch(watchdog);
        if (metricsPort != 0) {
            try {
                watch.metrics = MetricsServer.start(metricsPort, null, () -> snapshot(live));
            } catch (IOException e) {
                watch.close();
                throw new IOException("metrics on port " + metricsPort + ": " + e.getMessage(), e);
            }
            log.write("metrics at http://127.0.0.1:" + metricsPort + "/metrics");
        }
        return watch;
    }

    private static MetricsSnapshot snapshot(LiveHost live) {
        try {
            return PolicyChanges.await(live.plane().ask(PolicyPlane::metrics))
                    .with(live.samples())
                    .with(CodeCacheFigures.samples());
        } catch (RequestException | RejectedExecutionException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** Stops; call before the plane ends, whose memory the watchdog reads. */
    @Override
    public void close() {
        watchdog.close();
        if (metrics != null) {
            metrics.close();
        }
    }

    /** Tells the log what the watchdog sees. */
    private record Logged(EventLog log) implements Watchdog.Alarm {
        @Override
        public void hung(Hook hook, long forNs) {
            log.write(
                    "the plane's thread did not come back from " + hook.symbol() + " for " + forNs / NS_PER_MS + " ms");
        }

        @Override
        public void late(long forNs) {
            log.write("the plane's tick is late by " + forNs / NS_PER_MS + " ms");
        }

        @Override
        public void recovered() {
            log.write("the plane's thread is back");
        }
    }
}
