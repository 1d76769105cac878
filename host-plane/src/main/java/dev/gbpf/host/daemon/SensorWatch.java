package dev.gbpf.host.daemon;

import dev.gbpf.host.device.DeviceProvider;
import dev.gbpf.host.device.SensorReading;
import dev.gbpf.host.device.Sensors;
import dev.gbpf.host.device.ThermalChanges;
import dev.gbpf.host.device.ThermalReading;
import dev.gbpf.host.observe.Metric;
import dev.gbpf.host.observe.MetricsSnapshot.Sample;
import dev.gbpf.host.thread.Joining;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Reads a device's sensors while a plane runs, each {@value #PERIOD_MS} ms, and tells what moved. */
final class SensorWatch implements AutoCloseable {
    private static final long PERIOD_MS = 100;
    private static final long NS_PER_MS = 1_000_000L;
    private static final double MILLIS = 1e3;
    private static final double HERTZ_PER_MHZ = 1e6;
    private static final double PERCENT = 100;

    private final Sensors sensors;
    private final Consumer<ThermalReading> listener;
    private final ThermalChanges changes = new ThermalChanges();
    private final Thread thread;
    private volatile SensorReading last;
    private volatile boolean stopping;

    private SensorWatch(Sensors sensors, Consumer<ThermalReading> listener) {
        this.sensors = sensors;
        this.listener = listener;
        this.last = sensors.read();
        this.thread = Thread.ofPlatform().name("gbpf-sensors").daemon(true).unstarted(this::run);
    }

    /**
     * Begins.
     *
     * @param sensors closed with this
     * @param listener called on a thread of its own
     */
    static SensorWatch start(Sensors sensors, Consumer<ThermalReading> listener) {
        SensorWatch watch = new SensorWatch(sensors, listener);
        watch.thread.start();
        return watch;
    }

    /** The sensors of this machine's first GPU, if there is one and it tells. */
    static Optional<Sensors> ofFirstDevice() {
        return DeviceProvider.all().stream()
                .filter(provider -> !provider.isSimulated())
                .flatMap(provider ->
                        provider.devices().stream().limit(1).flatMap(device -> provider.sensors(device).stream()))
                .findFirst();
    }

    private void run() {
        while (!stopping) {
            SensorReading reading = sensors.read();
            last = reading;
            changes.next(reading).ifPresent(listener);
            LockSupport.parkNanos(this, PERIOD_MS * NS_PER_MS);
        }
    }

    /** What they said last, for {@code /metrics}. */
    Map<Metric, List<Sample>> samples() {
        SensorReading reading = last;
        Map<Metric, List<Sample>> samples = new EnumMap<>(Metric.class);
        samples.put(Metric.DEVICE_POWER, one(reading.powerMilliwatts() / MILLIS));
        samples.put(Metric.DEVICE_TEMPERATURE, one(reading.temperatureC()));
        samples.put(Metric.DEVICE_CLOCK, one(reading.clockMhz() * HERTZ_PER_MHZ));
        samples.put(Metric.DEVICE_USE, one(reading.usePercent() / PERCENT));
        samples.put(Metric.DEVICE_MEMORY_USED, one((double) reading.memoryUsedBytes()));
        return samples;
    }

    private static List<Sample> one(double value) {
        return List.of(new Sample(List.of(), value));
    }

    @Override
    public void close() {
        stopping = true;
        LockSupport.unpark(thread);
        Joining.join(thread);
        sensors.close();
    }
}
