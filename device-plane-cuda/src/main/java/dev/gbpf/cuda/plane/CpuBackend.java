package dev.gbpf.cuda.plane;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gbpf.cuda.cpu.CpuKernel;
import dev.gbpf.cuda.cpu.TaskLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The device plane on the CPU: a thread for each warp, for tests and for machines without a GPU. It does what a GPU does, in the time
 * that the processors and the system's scheduler take.
 */
public final class CpuBackend implements Backend {
    private static final int WORKERS = 2;
    private static final int WARPS = 4;
    private static final int ALIGNMENT = 256;

    private final Arena arena = Arena.ofShared();
    private final List<TaskLibrary> libraries;
    private final TaskFunctions functions;
    private final MemorySegment table;
    private @Nullable DeviceBuffer plane;
    private long launch;
    private boolean closed;

    private CpuBackend(List<TaskLibrary> libraries, TaskFunctions functions) {
        this.libraries = List.copyOf(libraries);
        this.functions = functions;
        this.table = arena.allocate(Math.max(1, functions.names().size()) * JAVA_LONG.byteSize(), ALIGNMENT);
    }

    /**
     * Opens the CPU.
     *
     * @param libraries of task functions; they belong to it from now on, and are closed when this fails
     * @param functions the functions that tasks name, in the order of their numbers
     * @throws IllegalArgumentException when a function is in none of them
     * @throws dev.gbpf.cuda.build.NativeBuildException when this build has no code for the CPU
     */
    public static CpuBackend open(List<TaskLibrary> libraries, List<String> functions) {
        try {
            CpuBackend backend = new CpuBackend(libraries, new TaskFunctions(functions));
            for (int i = 0; i < functions.size(); i++) {
                backend.table.setAtIndex(JAVA_LONG, i, backend.find(functions.get(i)));
            }
            return backend;
        } catch (RuntimeException | Error e) {
            libraries.forEach(TaskLibrary::close);
            throw e;
        }
    }

    private long find(String function) {
        for (TaskLibrary library : libraries) {
            OptionalLong address = library.function(function);
            if (address.isPresent()) {
                return address.getAsLong();
            }
        }
        throw new IllegalArgumentException("no library has a task function " + function
                + "; export it there with GBPF_EXPORT_TASK(" + function + ")");
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public int usualWorkers() {
        return WORKERS;
    }

    @Override
    public int usualWarps() {
        return WARPS;
    }

    @Override
    public Duration usualTick() {
        return Duration.ofNanos(100_000); // threads that share processors cannot do it more often
    }

    @Override
    public TaskFunctions functions() {
        return functions;
    }

    @Override
    public boolean answersAtOnce() {
        return false;
    }

    @Override
    public void check(PlaneParams params) {}

    @Override
    public long functionsAddress() {
        return table.address();
    }

    @Override
    public HostMemory hostMemory(long bytes) {
        MemorySegment memory = arena.allocate(bytes, ALIGNMENT);
        return new HostMemory(memory, memory.address());
    }

    @Override
    public void format(PlaneParams params, MemorySegment struct) {
        MemorySegment memory = arena.allocate(CpuKernel.planeBytes(struct.address()), ALIGNMENT);
        CpuKernel.format(memory.address(), struct.address());
        plane = new CpuBuffer(memory);
    }

    @Override
    public Optional<CodeLoader> codeLoader() {
        return Optional.empty();
    }

    @Override
    public void rehearseLaunch() {}

    @Override
    public void launch(long durationNs, int number, TablePlace table) {
        launch = CpuKernel.start(plane().address(), durationNs, number, table.address(), table.epoch());
    }

    @Override
    public void awaitEnd(BooleanSupplier said, BooleanSupplier soon) {
        CpuKernel.join(launch);
    }

    @Override
    public DeviceBuffer plane() {
        if (plane == null) {
            throw new IllegalStateException("there is no plane yet");
        }
        return plane;
    }

    @Override
    public DeviceBuffer buffer(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("bytes=" + bytes + ": a buffer has at least one byte");
        }
        return new CpuBuffer(arena.allocate(bytes, ALIGNMENT));
    }

    @Override
    public DeviceBuffer variable(String name, long bytes) {
        for (TaskLibrary library : libraries) {
            OptionalLong address = library.variable(name);
            if (address.isPresent()) {
                return new CpuBuffer(
                        MemorySegment.ofAddress(address.getAsLong()).reinterpret(bytes, arena, null));
            }
        }
        throw new IllegalArgumentException("no library has a variable " + name
                + "; export it there with GBPF_EXPORT_VARIABLE(type, " + name + ")");
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            libraries.forEach(TaskLibrary::close);
            arena.close();
        }
    }
}
