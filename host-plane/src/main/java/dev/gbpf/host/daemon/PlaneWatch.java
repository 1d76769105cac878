package dev.gbpf.host.daemon;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.control.EventLog;
import dev.gbpf.host.control.RequestException;
import dev.gbpf.host.device.Sensors;
import dev.gbpf.host.device.ThermalReading;
import dev.gbpf.host.failsafe.Watchdog;
import dev.gbpf.host.live.LiveHost;
import dev.gbpf.host.live.LivePlane;
import dev.gbpf.host.observe.MetricsServer;
import dev.gbpf.host.observe.MetricsSnapshot;
import dev.gbpf.host.observe.Observation;
import dev.gbpf.host.plane.PolicyPlane;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Looks at a plane in real time while it runs: times its decisions, watches its thread, and serves its metrics. */
final class PlaneWatch implements AutoCloseable {
    private static final long NS_PER_MS = 1_000_000L;

    private final Watchdog watchdog;
    private final @Nullable SensorWatch sensors;
    private @Nullable MetricsServer metrics;

    private PlaneWatch(Watchdog watchdog, @Nullable SensorWatch sensors) {
        this.watchdog = watchdog;
        this.sensors = sensors;
    }

    /**
     * Begins.
     *
     * @param live running
     * @param sensors of the device that it runs on, if it is a real one; the plane hears what moved, and they are closed with this
     * @param metricsPort 0 for no metrics
     * @throws RequestException when the plane has stopped
     * @throws IOException when the port is taken
     */
    static PlaneWatch start(LiveHost live, Optional<Sensors> sensors, int metricsPort, EventLog log)
            throws RequestException, IOException {
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
        SensorWatch sensorWatch = sensors.map(s -> SensorWatch.start(s, reading -> tell(plane, reading)))
                .orElse(null);
        PlaneWatch watch = new PlaneWatch(watchdog, sensorWatch);
        if (metricsPort != 0) {
            try {
                watch.metrics = MetricsServer.start(metricsPort, null, () -> watch.snapshot(live));
            } catch (IOException e) {
                watch.close();
                throw new IOException("metrics on port " + metricsPort + ": " + e.getMessage(), e);
            }
            log.write("metrics at http://127.0.0.1:" + metricsPort + "/metrics");
        }
        return watch;
    }

    /** A plane that has too much to do, or has stopped, hears of the next change. */
    private static void tell(LivePlane plane, ThermalReading reading) {
        try {
            CompletableFuture<Boolean> told = plane.ask(decides -> {
                decides.thermal(reading);
                return true;
            });
            told.exceptionally(stopped -> false);
        } catch (RejectedExecutionException e) {
            // Readings are not kept: the sensors go on.
        }
    }

    private MetricsSnapshot snapshot(LiveHost live) {
        try {
            MetricsSnapshot all = PolicyChanges.await(live.plane().ask(PolicyPlane::metrics))
                    .with(live.samples())
                    .with(CodeCacheFigures.samples());
            return sensors == null ? all : all.with(sensors.samples());
        } catch (RequestException | RejectedExecutionException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** Stops; call before the plane ends, whose memory the watchdog reads. */
    @Override
    public void close() {
        watchdog.close();
        if (sensors != null) {
            sensors.close();
        }
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
