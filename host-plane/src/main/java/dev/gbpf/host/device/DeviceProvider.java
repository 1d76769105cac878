package dev.gbpf.host.device;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * A kind of device that this build knows. Providers are services: a module names its own in {@code META-INF/services}. Making one
 * must load no native code, since that happens where nobody asks for its devices.
 */
public interface DeviceProvider {
    /** The kind of its devices, in one word: {@code simulated}, {@code cuda}. */
    String kind();

    /** Its devices as they are now; none where it has none, whatever the reason. */
    List<DeviceReading> devices();

    /** What its devices need and whether it is there, in the order in which each needs the one before. */
    List<Check> checks();

    /** Measures its devices; nothing from one whose devices cannot be measured. */
    default Optional<DeviceBenchmark> benchmark() {
        return Optional.empty();
    }

    /**
     * Opens a runtime that runs the device programs of policies.
     *
     * @param device {@code cpu} or {@code gpu}
     * @param tenants about how many it asks them, 1 to {@link dev.gbpf.abi.Constants#MAX_TENANTS}
     * @return nothing from a provider that has none of that name
     * @throws PolicyRuntime.PolicyRuntimeException when it cannot be opened
     */
    default Optional<PolicyRuntime> openRuntime(String device, int tenants) {
        return Optional.empty();
    }

    /**
     * The sensors of one of its devices, for somebody who reads them again and again.
     *
     * @param device one of {@link #devices}
     */
    default Optional<Sensors> sensors(DeviceReading device) {
        return Optional.empty();
    }

    /** Those of this class path, in the order in which their modules stand there, the simulated device last. */
    static List<DeviceProvider> all() {
        List<DeviceProvider> providers = new ArrayList<>();
        ServiceLoader.load(DeviceProvider.class).forEach(providers::add);
        providers.sort((a, b) -> Boolean.compare(a.isSimulated(), b.isSimulated()));
        return providers;
    }

    /** Whether its devices are made of numbers only. */
    default boolean isSimulated() {
        return false;
    }
}
