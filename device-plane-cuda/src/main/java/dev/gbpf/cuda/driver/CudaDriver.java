package dev.gbpf.cuda.driver;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import jcuda.driver.CUdevice;

/** The CUDA driver of this machine: its GPUs, and contexts on them. */
public final class CudaDriver {
    /** The driver's library, as the system's loader knows it. */
    public static final String LIBRARY = "libcuda.so.1";
    /** The oldest driver that will do: its newest CUDA, as in 12000 for 12.0. */
    public static final int LEAST_VERSION = 12_000;

    private static final int THOUSAND = 1000;
    private static final int TEN = 10;

    private final DriverApi api;

    CudaDriver(DriverApi api) {
        this.api = api;
    }

    /** Where drivers are looked for; one instance for the process. */
    private static final class Holder {
        private static final Optional<NativeLibrary> CUDA =
                isSupportedSystem() ? NativeLibrary.find(LIBRARY) : Optional.empty();
    }

    private static boolean isSupportedSystem() {
        return System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64");
    }

    /** Whether a driver's library is there. Loads nothing of JCuda. */
    public static boolean isInstalled() {
        return Holder.CUDA.isPresent();
    }

    /**
     * The driver, initialised.
     *
     * @throws CudaUnavailableException when there is none
     * @throws CudaException when it refuses to start, {@link CudaError#NO_DEVICE} for example
     */
    public static CudaDriver open() {
        NativeLibrary cuda = Holder.CUDA.orElseThrow(() -> isSupportedSystem()
                ? new CudaUnavailableException(
                        "there is no NVIDIA driver: " + LIBRARY + " was not found",
                        "install the driver; in a container, start it with access to the GPU (--gpus all)")
                : new CudaUnavailableException(
                        "the CUDA device plane needs Linux on x86-64, this is " + System.getProperty("os.name") + " on "
                                + System.getProperty("os.arch"),
                        "use the simulated device here"));
        CudaDriver driver = new CudaDriver(JCudaLoader.load(cuda));
        if (driver.api.driverVersion() < LEAST_VERSION) {
            throw new CudaUnavailableException(
                    "the NVIDIA driver knows CUDA " + driver.version() + ", and gBPF needs " + version(LEAST_VERSION)
                            + " or later",
                    "update the NVIDIA driver");
        }
        return driver;
    }

    /** The newest CUDA that the driver knows, as in {@code 13.0}. */
    public String version() {
        return version(api.driverVersion());
    }

    private static String version(int number) {
        return number / THOUSAND + "." + number % THOUSAND / TEN;
    }

    /** The GPUs that this process may use, in the order of their numbers. */
    public List<CudaDevice> devices() {
        List<CudaDevice> devices = new ArrayList<>();
        int count = api.deviceCount();
        for (int ordinal = 0; ordinal < count; ordinal++) {
            devices.add(describe(ordinal));
        }
        return devices;
    }

    private CudaDevice describe(int ordinal) {
        CUdevice device = api.device(ordinal);
        Map<DeviceAttribute, Integer> attributes = new EnumMap<>(DeviceAttribute.class);
        for (DeviceAttribute attribute : DeviceAttribute.values()) {
            attributes.put(attribute, api.deviceAttribute(device, attribute.number()));
        }
        return new CudaDevice(
                ordinal,
                api.deviceName(device),
                uuid(api.deviceUuid(device)),
                api.devicePciBusId(device),
                api.deviceMemory(device),
                attributes);
    }

    /** As nvidia-smi prints it. */
    static String uuid(byte[] bytes) {
        String hex = HexFormat.of().formatHex(bytes);
        return "GPU-" + hex.substring(0, 8) + "-" + hex.substring(8, 12) + "-" + hex.substring(12, 16) + "-"
                + hex.substring(16, 20) + "-" + hex.substring(20);
    }

    /**
     * The number of the GPU that somebody names.
     *
     * @param text a number, a UUID, or the beginning of one
     */
    public static OptionalInt ordinal(List<CudaDevice> devices, String text) {
        List<CudaDevice> named = devices.stream()
                .filter(device -> text.equals(Integer.toString(device.ordinal()))
                        || (text.startsWith("GPU-") && device.uuid().startsWith(text)))
                .toList();
        return named.size() == 1 ? OptionalInt.of(named.getFirst().ordinal()) : OptionalInt.empty();
    }

    /** The primary context of a GPU, which other users of CUDA in this process share. */
    public CudaContext context(int ordinal) {
        return CudaContext.open(api, ordinal);
    }
}
