package dev.gbpf.host.device;

import java.util.Arrays;
import java.util.Optional;

/** What can be asked of a device, by nvidia-smi's names where it has one. */
public enum DeviceField {
    INDEX("index", "", "Its number among the devices of its kind, from 0; sim0 for the simulated device."),
    KIND("kind", "", "What it is: cuda or simulated."),
    NAME("name", "", "The product."),
    UUID("uuid", "", "Its identity, as nvidia-smi prints it."),
    PCI_BUS_ID("pci.bus_id", "", "Where it is on the PCI bus."),
    DRIVER_VERSION("driver_version", "", "The NVIDIA driver."),
    CUDA_VERSION("cuda_version", "", "The newest CUDA that the driver knows."),
    COMPUTE_CAP("compute_cap", "", "Its compute capability, as in 9.0."),
    SMS("sms", "", "Its SMs."),
    MEMORY_TOTAL("memory.total", "MiB", "Device memory."),
    MEMORY_USED("memory.used", "MiB", "Device memory in use."),
    MEMORY_FREE("memory.free", "MiB", "Device memory that is free."),
    UTILIZATION_GPU("utilization.gpu", "%", "Part of the last sampling period in which a kernel ran."),
    UTILIZATION_MEMORY("utilization.memory", "%", "Part of the last sampling period in which memory was used."),
    TEMPERATURE("temperature.gpu", "C", "Its temperature."),
    POWER_DRAW("power.draw", "W", "The power that it draws."),
    POWER_LIMIT("power.limit", "W", "The power that it may draw."),
    CLOCKS_SM("clocks.sm", "MHz", "Clock of the SMs."),
    CLOCKS_MAX_SM("clocks.max.sm", "MHz", "Greatest clock of the SMs."),
    CLOCKS_MEM("clocks.mem", "MHz", "Clock of the memory."),
    COMPUTE_MODE("compute_mode", "", "Which processes may use it: Default, Exclusive_Process or Prohibited."),
    MIG_MODE("mig.mode.current", "", "Whether it is split into MIG instances: Enabled or Disabled."),
    PERSISTENCE_MODE("persistence_mode", "", "Whether the driver stays loaded without users: Enabled or Disabled."),
    CODE("code", "", "What of gBPF's device code it runs: machine code, PTX, or none.");

    private final String text;
    private final String unit;
    private final String doc;

    DeviceField(String text, String unit, String doc) {
        this.text = text;
        this.unit = unit;
        this.doc = doc;
    }

    /** Its name in queries. */
    public String text() {
        return text;
    }

    /** Its unit, empty when it has none. */
    public String unit() {
        return unit;
    }

    /** One sentence. */
    public String doc() {
        return doc;
    }

    /** The field of a name. */
    public static Optional<DeviceField> byText(String text) {
        return Arrays.stream(values()).filter(field -> field.text.equals(text)).findFirst();
    }
}
