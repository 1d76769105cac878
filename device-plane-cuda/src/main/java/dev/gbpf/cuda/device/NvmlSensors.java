package dev.gbpf.cuda.device;

import dev.gbpf.cuda.driver.Nvml;
import dev.gbpf.host.device.SensorReading;
import dev.gbpf.host.device.Sensors;
import java.util.Optional;
import java.util.OptionalLong;

/** A GPU's sensors, as NVML tells them. */
final class NvmlSensors implements Sensors {
    private final Nvml nvml;
    private final Nvml.Gpu gpu;
    /** What a GPU is made for does not change. */
    private final int slowdownC;

    private final int maxClockMhz;

    private NvmlSensors(Nvml nvml, Nvml.Gpu gpu) {
        this.nvml = nvml;
        this.gpu = gpu;
        this.slowdownC = (int) orZero(gpu.slowdownTemperature());
        this.maxClockMhz = (int) orZero(gpu.maxSmClock());
    }

    /** Those of the GPU of a UUID; empty where the driver's management library does not know it. */
    static Optional<Sensors> of(String uuid) {
        return Nvml.open().flatMap(nvml -> {
            Optional<Sensors> sensors = nvml.gpu(uuid).map(gpu -> new NvmlSensors(nvml, gpu));
            if (sensors.isEmpty()) {
                nvml.close();
            }
            return sensors;
        });
    }

    @Override
    public SensorReading read() {
        return new SensorReading(
                (int) orZero(gpu.temperature()),
                slowdownC,
                (int) orZero(gpu.smClock()),
                maxClockMhz,
                orZero(gpu.power()),
                orZero(gpu.powerLimit()),
                gpu.utilization().map(parts -> (int) parts[0]).orElse(0),
                gpu.memory().map(memory -> memory[2]).orElse(0L));
    }

    private static long orZero(OptionalLong value) {
        return value.orElse(0);
    }

    @Override
    public void close() {
        nvml.close();
    }
}
