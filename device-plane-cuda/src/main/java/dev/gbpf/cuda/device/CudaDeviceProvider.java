package dev.gbpf.cuda.device;

import dev.gbpf.cuda.bench.RuntimeBenchmark;
import dev.gbpf.cuda.build.NativeBuild;
import dev.gbpf.cuda.driver.ComputeMode;
import dev.gbpf.cuda.driver.CudaDevice;
import dev.gbpf.cuda.driver.CudaDriver;
import dev.gbpf.cuda.driver.CudaException;
import dev.gbpf.cuda.driver.CudaUnavailableException;
import dev.gbpf.cuda.driver.Nvml;
import dev.gbpf.host.device.Check;
import dev.gbpf.host.device.DeviceBenchmark;
import dev.gbpf.host.device.DeviceField;
import dev.gbpf.host.device.DeviceProvider;
import dev.gbpf.host.device.DeviceReading;
import dev.gbpf.host.device.PolicyRuntime;
import dev.gbpf.host.device.Sensors;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** NVIDIA's GPUs. Nothing of CUDA is loaded before somebody asks for them, and only where there is a driver. */
public final class CudaDeviceProvider implements DeviceProvider {
    private static final int MIB_BITS = 20;
    private static final double MILLIS = 1000;

    /** What does not change while the process runs, read once. */
    private record Found(String version, List<CudaDevice> devices, Optional<Nvml> nvml) {}

    private Optional<Found> found = Optional.empty();

    @Override
    public String kind() {
        return "cuda";
    }

    @Override
    public List<DeviceReading> devices() {
        if (!CudaDriver.isInstalled()) {
            return List.of();
        }
        if (found.isEmpty()) {
            try {
                CudaDriver driver = CudaDriver.open();
                found = Optional.of(new Found(driver.version(), driver.devices(), Nvml.open()));
            } catch (CudaException | CudaUnavailableException e) {
                // checks() tells what it is.
                return List.of();
            }
        }
        return found.get().devices().stream().map(this::read).toList();
    }

    private DeviceReading read(CudaDevice device) {
        DeviceReading.Builder reading = new DeviceReading.Builder()
                .put(DeviceField.INDEX, device.ordinal())
                .put(DeviceField.KIND, kind())
                .put(DeviceField.NAME, device.name())
                .put(DeviceField.UUID, device.uuid())
                .put(DeviceField.PCI_BUS_ID, device.pciBusId())
                .put(DeviceField.COMPUTE_CAP, device.capability())
                .put(DeviceField.SMS, device.sms())
                .put(DeviceField.MEMORY_TOTAL, device.memoryBytes() >> MIB_BITS)
                .put(DeviceField.COMPUTE_MODE, text(device.computeMode()))
                .put(DeviceField.CODE, text(NativeBuild.current().match(device.major(), device.minor())));
        found.ifPresent(known -> {
            reading.put(DeviceField.CUDA_VERSION, known.version());
            known.nvml().flatMap(Nvml::driverVersion).ifPresent(v -> reading.put(DeviceField.DRIVER_VERSION, v));
            known.nvml().flatMap(nvml -> nvml.gpu(device.uuid())).ifPresent(gpu -> addState(reading, gpu));
        });
        return reading.build();
    }

    private static void addState(DeviceReading.Builder reading, Nvml.Gpu gpu) {
        gpu.memory().ifPresent(memory -> {
            reading.put(DeviceField.MEMORY_FREE, memory[1] >> MIB_BITS);
            reading.put(DeviceField.MEMORY_USED, memory[2] >> MIB_BITS);
        });
        gpu.utilization().ifPresent(parts -> {
            reading.put(DeviceField.UTILIZATION_GPU, parts[0]);
            reading.put(DeviceField.UTILIZATION_MEMORY, parts[1]);
        });
        put(reading, DeviceField.TEMPERATURE, gpu.temperature());
        put(reading, DeviceField.CLOCKS_SM, gpu.smClock());
        put(reading, DeviceField.CLOCKS_MAX_SM, gpu.maxSmClock());
        put(reading, DeviceField.CLOCKS_MEM, gpu.memoryClock());
        gpu.power().ifPresent(milliwatts -> reading.put(DeviceField.POWER_DRAW, watts(milliwatts)));
        gpu.powerLimit().ifPresent(milliwatts -> reading.put(DeviceField.POWER_LIMIT, watts(milliwatts)));
        gpu.mig().ifPresent(mode -> reading.put(DeviceField.MIG_MODE, enabled(mode)));
        gpu.persistence().ifPresent(mode -> reading.put(DeviceField.PERSISTENCE_MODE, enabled(mode)));
    }

    private static void put(DeviceReading.Builder reading, DeviceField field, OptionalLong value) {
        value.ifPresent(number -> reading.put(field, number));
    }

    private static String watts(long milliwatts) {
        return String.format(Locale.ROOT, "%.2f", milliwatts / MILLIS);
    }

    private static String enabled(long mode) {
        return mode == 0 ? "Disabled" : "Enabled";
    }

    private static String text(ComputeMode mode) {
        return switch (mode) {
            case DEFAULT -> "Default";
            case EXCLUSIVE_THREAD -> "Exclusive_Thread";
            case PROHIBITED -> "Prohibited";
            case EXCLUSIVE_PROCESS -> "Exclusive_Process";
        };
    }

    private static String text(NativeBuild.Match match) {
        return switch (match) {
            case MACHINE_CODE -> "machine code";
            case PTX -> "PTX";
            case NONE -> "none";
        };
    }

    @Override
    public Optional<Sensors> sensors(DeviceReading device) {
        return device.value(DeviceField.UUID).flatMap(NvmlSensors::of);
    }

    @Override
    public Optional<DeviceBenchmark> benchmark() {
        return Optional.of(new RuntimeBenchmark());
    }

    @Override
    public Optional<PolicyRuntime> openRuntime(String device, int tenants) {
        return device.equals(RuntimeOfPolicies.CPU) || device.equals(RuntimeOfPolicies.GPU)
                ? Optional.of(RuntimeOfPolicies.open(device, tenants))
                : Optional.empty();
    }

    @Override
    public List<Check> checks() {
        return new CudaChecks(NativeBuild.current(), System.getenv()).run();
    }
}
