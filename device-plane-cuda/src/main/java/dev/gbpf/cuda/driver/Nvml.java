package dev.gbpf.cuda.driver;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the driver's management library (NVML, the library behind nvidia-smi) says about GPUs: power, clocks, temperature, use. It
 * needs no context. What a GPU or a virtual machine does not tell is absent.
 */
public final class Nvml implements AutoCloseable {
    private static final String LIBRARY = "libnvidia-ml.so.1";
    private static final int TEXT_BYTES = 96;
    private static final int CLOCK_SM = 1;
    private static final int CLOCK_MEMORY = 2;
    private static final int THRESHOLD_SLOWDOWN = 1;

    private final NativeLibrary library;
    private final Map<String, MethodHandle> functions = new HashMap<>();

    private Nvml(NativeLibrary library) {
        this.library = library;
    }

    /** The library, when it is there and the driver is loaded. */
    public static Optional<Nvml> open() {
        return NativeLibrary.find(LIBRARY).map(Nvml::new).filter(nvml -> nvml.call("nvmlInit_v2") == 0);
    }

    /** The driver's version, as in {@code 580.159.04}. */
    public Optional<String> driverVersion() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(TEXT_BYTES);
            return call("nvmlSystemGetDriverVersion", text, TEXT_BYTES) == 0
                    ? Optional.of(text.getString(0))
                    : Optional.empty();
        }
    }

    /** The GPU of a UUID. */
    public Optional<Gpu> gpu(String uuid) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handle = arena.allocate(ADDRESS);
            return call("nvmlDeviceGetHandleByUUID", arena.allocateFrom(uuid), handle) == 0
                    ? Optional.of(new Gpu(handle.get(ADDRESS, 0)))
                    : Optional.empty();
        }
    }

    /** A GPU's state, read anew by each call. */
    public final class Gpu {
        private final MemorySegment handle;

        private Gpu(MemorySegment handle) {
            this.handle = handle;
        }

        /** Degrees Celsius. */
        public OptionalLong temperature() {
            return number("nvmlDeviceGetTemperature", 0);
        }

        /** Temperature at which it begins to lower its clock, degrees Celsius. */
        public OptionalLong slowdownTemperature() {
            return number("nvmlDeviceGetTemperatureThreshold", THRESHOLD_SLOWDOWN);
        }

        /** What it draws, mW. */
        public OptionalLong power() {
            return number("nvmlDeviceGetPowerUsage");
        }

        /** What it may draw, mW. */
        public OptionalLong powerLimit() {
            return number("nvmlDeviceGetEnforcedPowerLimit");
        }

        /** Clock of the SMs, MHz. */
        public OptionalLong smClock() {
            return number("nvmlDeviceGetClockInfo", CLOCK_SM);
        }

        /** Greatest clock of the SMs, MHz. */
        public OptionalLong maxSmClock() {
            return number("nvmlDeviceGetMaxClockInfo", CLOCK_SM);
        }

        /** Clock of the memory, MHz. */
        public OptionalLong memoryClock() {
            return number("nvmlDeviceGetClockInfo", CLOCK_MEMORY);
        }

        /** 1 when the driver stays loaded without users. */
        public OptionalLong persistence() {
            return number("nvmlDeviceGetPersistenceMode");
        }

        /** 1 when it is split into MIG instances; absent when it cannot be. */
        public OptionalLong mig() {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment modes = arena.allocate(JAVA_INT, 2);
                MemorySegment pending = modes.asSlice(Integer.BYTES);
                return call("nvmlDeviceGetMigMode", handle, modes, pending) == 0
                        ? OptionalLong.of(modes.get(JAVA_INT, 0))
                        : OptionalLong.empty();
            }
        }

        /** Part of the last sampling period in which a kernel ran, percent; then that in which memory was used. */
        public Optional<long[]> utilization() {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment rates = arena.allocate(JAVA_INT, 2);
                return call("nvmlDeviceGetUtilizationRates", handle, rates) == 0
                        ? Optional.of(new long[] {rates.get(JAVA_INT, 0), rates.get(JAVA_INT, Integer.BYTES)})
                        : Optional.empty();
            }
        }

        /** Device memory: total, free and used, bytes. */
        public Optional<long[]> memory() {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment memory = arena.allocate(JAVA_LONG, 3);
                return call("nvmlDeviceGetMemoryInfo", handle, memory) == 0
                        ? Optional.of(memory.toArray(JAVA_LONG))
                        : Optional.empty();
            }
        }

        /** A function of the handle, numbers, and an unsigned result. */
        private OptionalLong number(String function, int... arguments) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment result = arena.allocate(JAVA_INT);
                Object[] all = new Object[arguments.length + 2];
                all[0] = handle;
                for (int i = 0; i < arguments.length; i++) {
                    all[i + 1] = arguments[i];
                }
                all[arguments.length + 1] = result;
                return call(function, all) == 0
                        ? OptionalLong.of(Integer.toUnsignedLong(result.get(JAVA_INT, 0)))
                        : OptionalLong.empty();
            }
        }
    }

    /** Calls a function of 4-byte numbers and pointers; -1 when the library has none of that name. */
    private int call(String function, Object... arguments) {
        try {
            return (int) functions
                    .computeIfAbsent(function, name -> library.function(name, descriptor(arguments)))
                    .invokeWithArguments(arguments);
        } catch (CudaUnavailableException e) {
            return -1;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static FunctionDescriptor descriptor(Object... arguments) {
        FunctionDescriptor descriptor = FunctionDescriptor.of(JAVA_INT);
        for (Object argument : arguments) {
            descriptor = descriptor.appendArgumentLayouts(argument instanceof Integer ? JAVA_INT : ADDRESS);
        }
        return descriptor;
    }

    @Override
    public void close() {
        call("nvmlShutdown");
    }
}
