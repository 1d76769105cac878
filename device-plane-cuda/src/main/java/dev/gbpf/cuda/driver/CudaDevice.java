package dev.gbpf.cuda.driver;

import java.util.Map;

/**
 * A GPU, or a MIG instance of one, as the driver shows it to this process.
 *
 * @param ordinal its number here, from 0
 * @param name the product
 * @param uuid as nvidia-smi prints it: {@code GPU-} and 36 characters; of the whole GPU for a MIG instance
 * @param pciBusId as in {@code 0000:07:00.0}
 * @param memoryBytes device memory
 * @param attributes all of {@link DeviceAttribute}
 */
public record CudaDevice(
        int ordinal,
        String name,
        String uuid,
        String pciBusId,
        long memoryBytes,
        Map<DeviceAttribute, Integer> attributes) {
    public CudaDevice {
        attributes = Map.copyOf(attributes);
    }

    /** A property. */
    public int attribute(DeviceAttribute attribute) {
        return attributes.getOrDefault(attribute, 0);
    }

    public int sms() {
        return attribute(DeviceAttribute.SMS);
    }

    /** First number of the compute capability. */
    public int major() {
        return attribute(DeviceAttribute.COMPUTE_MAJOR);
    }

    /** Second number of the compute capability. */
    public int minor() {
        return attribute(DeviceAttribute.COMPUTE_MINOR);
    }

    /** The compute capability, as in {@code 9.0}. */
    public String capability() {
        return major() + "." + minor();
    }

    public ComputeMode computeMode() {
        return ComputeMode.of(attribute(DeviceAttribute.COMPUTE_MODE));
    }

    /** Whether it is a MIG instance: the driver then names its profile behind the product. */
    public boolean migInstance() {
        return name.contains(" MIG ");
    }
}
