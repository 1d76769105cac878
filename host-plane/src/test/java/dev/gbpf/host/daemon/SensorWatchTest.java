package dev.gbpf.host.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.device.SensorReading;
import dev.gbpf.host.device.Sensors;
import dev.gbpf.host.device.ThermalReading;
import dev.gbpf.host.observe.Metric;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SensorWatchTest {
    private final BlockingQueue<ThermalReading> told = new LinkedBlockingQueue<>();

    /** Sensors of a device whose temperature is set. */
    private static final class Thermometer implements Sensors {
        private volatile int celsius = 40;
        private volatile boolean closed;

        @Override
        public SensorReading read() {
            return new SensorReading(celsius, 85, 1980, 1980, 90_500, 700_000, 75, 1 << 30);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    @Test
    void whatMoves_isTold_untilItIsClosed() throws InterruptedException {
        Thermometer sensors = new Thermometer();
        try (SensorWatch watch = SensorWatch.start(sensors, told::add)) {
            assertThat(next())
                    .extracting(ThermalReading::temperatureMilliCelsius)
                    .isEqualTo(40_000);
            sensors.celsius = 52;
            assertThat(next())
                    .extracting(ThermalReading::temperatureMilliCelsius)
                    .isEqualTo(52_000);
            assertThat(watch.samples().get(Metric.DEVICE_TEMPERATURE))
                    .singleElement()
                    .extracting(s -> s.value())
                    .isEqualTo(52.0);
            assertThat(watch.samples().get(Metric.DEVICE_POWER))
                    .singleElement()
                    .extracting(s -> s.value())
                    .isEqualTo(90.5);
        }
        assertThat(sensors.closed).isTrue();
        assertThat(told).isEmpty();
    }

    private @Nullable ThermalReading next() throws InterruptedException {
        return told.poll(10, TimeUnit.SECONDS);
    }
}
