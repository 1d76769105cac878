package dev.gbpf.cuda.plane;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gbpf.cuda.build.NativeBuild;
import dev.gbpf.cuda.cpu.TaskLibrary;
import dev.gbpf.cuda.driver.CudaContext;
import dev.gbpf.cuda.driver.CudaDevice;
import dev.gbpf.cuda.driver.CudaDriver;
import dev.gbpf.cuda.driver.CudaError;
import dev.gbpf.cuda.driver.CudaException;
import dev.gbpf.cuda.driver.CudaFunction;
import dev.gbpf.cuda.driver.CudaModule;
import dev.gbpf.cuda.driver.CudaStream;
import dev.gbpf.cuda.driver.DeviceAttribute;
import dev.gbpf.cuda.driver.DeviceMemory;
import dev.gbpf.cuda.driver.DeviceRange;
import dev.gbpf.cuda.driver.LaunchShape;
import dev.gbpf.cuda.driver.LinkInput;
import dev.gbpf.cuda.driver.PinnedMemory;
import dev.gbpf.cuda.layout.ParamsLayout;
import dev.gbpf.cuda.layout.PlaneLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The device plane on a GPU: one block on each SM, host memory pinned and mapped, the kernel on a stream of its own. */
public final class GpuBackend implements Backend {
    private static final String KERNEL = "control_kernel";
    private static final int WARP = 32;
    private static final int USUAL_WARPS = 16;
    /** 512 threads of a block share the 65,536 registers of an SM. */
    private static final int MAX_REGISTERS = 128;

    private static final int FORMAT_BLOCKS = 32;
    private static final int FORMAT_THREADS = 256;
    /** How often the stream is asked whether it is idle, and not only the kernel's own word. */
    private static final int LOOKS_FOR_EACH_QUERY = 20;

    private static final int STAGING_BYTES = 1 << 20;
    private static final long LOOK_NS = 20_000;
    /** For so long it is looked all the time whether a launch is over that is about to end. */
    private static final long HURRY_NS = 2_000_000;

    private final CudaDevice device;
    private final CudaContext context;
    private final CudaStream stream;
    /** The first number of the compute capability from which blocks can be in clusters. */
    private static final int CLUSTERS_SINCE = 9;

    private static final int PAIR = 2;

    private final CudaModule module;
    private final CudaFunction control;
    private final CudaFunction tellSharedBytes;
    private final CudaStream rehearsals;
    private final TaskFunctions functions;
    private final PinnedMemory scratch;
    private final DeviceMemory table;
    /** Ends Java's access to pinned memory before that is given back: who comes late gets an exception. */
    private final Arena access = Arena.ofShared();

    private final int sharedBytes;
    private final GpuBuffer.Copies copies;
    private final GpuCode policyCode;
    private @Nullable DeviceBuffer plane;
    private LaunchShape shape = LaunchShape.of(1, 1);
    private boolean inPairs;
    private boolean closed;

    private GpuBackend(
            CudaDevice device, CudaContext context, byte[] kernel, List<LinkInput> code, TaskFunctions functions) {
        this.device = device;
        this.context = context;
        this.functions = functions;
        this.stream = context.stream();
        this.module = load(context, kernel, code);
        this.control = module.function("gbpf_control");
        this.tellSharedBytes = module.function("gbpf_shared_bytes");
        this.rehearsals = context.stream();
        int words = Math.max(1, functions.names().size());
        this.scratch = context.pinnedMemory(Math.max(PlaneLayout.BYTES, words * (long) Long.BYTES));
        this.copies = new GpuBuffer.Copies(context.stream(), context.pinnedMemory(STAGING_BYTES));
        this.table = context.deviceMemory(words * (long) Long.BYTES);
        fillTable();
        this.sharedBytes = sharedBytes();
        control.allowSharedBytes(sharedBytes);
        this.policyCode = new GpuCode(context, control.registers());
    }

    /**
     * Opens a GPU.
     *
     * @param ordinal its number for the driver
     * @param code PTX, cubins or fat binaries of task functions, as relocatable device code (nvcc -rdc=true)
     * @param functions the functions that tasks name, in the order of their numbers
     * @throws IllegalArgumentException when a function is not exported by the code
     * @throws CudaException when the driver refuses; nothing stays open
     * @throws dev.gbpf.cuda.build.NativeBuildException when this build has no code for GPUs
     */
    public static GpuBackend open(CudaDriver driver, int ordinal, List<LinkInput> code, List<String> functions) {
        return open(driver, ordinal, NativeBuild.current().linkableFatBinary(KERNEL), code, functions);
    }

    static GpuBackend open(
            CudaDriver driver, int ordinal, byte[] kernel, List<LinkInput> code, List<String> functions) {
        TaskFunctions named = new TaskFunctions(functions);
        List<CudaDevice> devices = driver.devices();
        if (ordinal < 0 || ordinal >= devices.size()) {
            throw new IllegalArgumentException("gpu=" + ordinal + ": the driver shows " + devices.size()
                    + " GPUs to this process; see gbpf device list");
        }
        CudaContext context = driver.context(ordinal);
        try {
            return new GpuBackend(devices.get(ordinal), context, kernel, code, named);
        } catch (RuntimeException | Error e) {
            try {
                context.close();
            } catch (CudaException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    /** Always linked, also where there is nothing else: only then addresses of functions are those that other modules have. */
    private static CudaModule load(CudaContext context, byte[] kernel, List<LinkInput> code) {
        List<LinkInput> inputs = new ArrayList<>();
        inputs.add(new LinkInput(LinkInput.Kind.FAT_BINARY, KERNEL, kernel));
        inputs.addAll(code);
        return context.linkedModule("control_kernel with task functions", inputs, MAX_REGISTERS);
    }

    /** The table of functions: what each exported variable holds. */
    private void fillTable() {
        MemorySegment words = scratch.segment();
        List<String> names = functions.names();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            global(TaskLibrary.PREFIX + name, Long.BYTES, "a task function " + name, "GBPF_EXPORT_TASK(" + name + ")")
                    .copyTo(scratch, i * (long) Long.BYTES, stream);
        }
        stream.synchronize();
        for (int i = 0; i < names.size(); i++) {
            if (words.getAtIndex(JAVA_LONG, i) == 0) {
                throw new IllegalArgumentException("the task function " + names.get(i) + " has no code");
            }
        }
        table.range().copyFrom(scratch, 0, stream);
        stream.synchronize();
    }

    private DeviceRange global(String symbol, long bytes, String what, String export) {
        DeviceRange variable;
        try {
            variable = module.global(symbol);
        } catch (CudaException e) {
            if (e.error().filter(CudaError.NOT_FOUND::equals).isPresent()) {
                throw new IllegalArgumentException(
                        "no code has " + what + "; export it there with " + export
                                + ", and compile with nvcc -rdc=true",
                        e);
            }
            throw e;
        }
        if (variable.bytes() != bytes) {
            throw new IllegalArgumentException(symbol + " has " + variable.bytes() + " bytes on the GPU, not " + bytes
                    + "; it must be what " + export + " exports");
        }
        return variable;
    }

    /** Shared memory of a block: what the kernel needs, and enough that an SM has room for one block only. */
    private int sharedBytes() {
        rehearseLaunch();
        rehearsals.synchronize();
        int needed = scratch.segment().get(JAVA_INT, 0);
        int most = device.attribute(DeviceAttribute.SHARED_PER_BLOCK);
        int alone = device.attribute(DeviceAttribute.SHARED_PER_SM) / 2 + 1;
        return Math.max(needed, Math.min(alone, most));
    }

    @Override
    public String name() {
        return "gpu " + device.ordinal() + " (" + device.name() + ")";
    }

    @Override
    public int usualWorkers() {
        return device.sms() - 1;
    }

    @Override
    public int usualWarps() {
        return USUAL_WARPS;
    }

    @Override
    public Duration usualTick() {
        return Duration.ofNanos(5_000);
    }

    @Override
    public TaskFunctions functions() {
        return functions;
    }

    @Override
    public boolean answersAtOnce() {
        return true;
    }

    @Override
    public void check(PlaneParams params) {
        int threads = params.warps() * WARP;
        if (threads > control.maxThreads()) {
            throw new IllegalArgumentException(
                    "warps=" + params.warps() + ": the kernel with these task functions runs with "
                            + control.maxThreads() / WARP + " warps in a block at most");
        }
        int resident = control.blocksPerSm(threads, sharedBytes) * device.sms();
        if (params.workers() + 1 > resident) {
            throw new IllegalArgumentException("workers=" + params.workers() + ": " + name() + " holds "
                    + Math.max(0, resident - 1) + " worker blocks of " + params.warps()
                    + " warps beside the control block"
                    + " (" + control.registers() + " registers in each thread, " + sharedBytes
                    + " bytes of shared memory in each block)");
        }
    }

    @Override
    public long functionsAddress() {
        return table.address();
    }

    @Override
    public HostMemory hostMemory(long bytes) {
        PinnedMemory memory = context.pinnedMemory(bytes);
        return new HostMemory(memory.segment().reinterpret(access, null), memory.deviceAddress());
    }

    @Override
    public void format(PlaneParams params, MemorySegment struct) {
        long bytes = planeBytes(struct);
        long free = context.freeBytes();
        if (bytes > free) {
            throw new IllegalArgumentException("the plane takes " + bytes + " bytes, and " + free
                    + " are free on the GPU; use smaller rings, or fewer tenants");
        }
        DeviceMemory memory = context.deviceMemory(bytes);
        memory.range().clear(stream);
        putParams(memory, struct);
        module.function("gbpf_lay_out").launch(LaunchShape.of(1, 1), stream, memory.address(), memory.address());
        module.function("gbpf_format").launch(LaunchShape.of(FORMAT_BLOCKS, FORMAT_THREADS), stream, memory.address());
        stream.synchronize();
        plane = new GpuBuffer(memory.range(), copies);
        shape = new LaunchShape(params.workers() + 1, params.warps() * WARP, sharedBytes, true);
        inPairs = device.major() >= CLUSTERS_SINCE && shape.blocks() % PAIR == 0;
        if (device.major() >= CLUSTERS_SINCE) {
            control.clusterBlocks(inPairs ? PAIR : 1);
        }
    }

    private long planeBytes(MemorySegment struct) {
        try (DeviceMemory root = context.deviceMemory(PlaneLayout.BYTES)) {
            root.range().clear(stream);
            putParams(root, struct);
            module.function("gbpf_lay_out").launch(LaunchShape.of(1, 1), stream, root.address(), 0L);
            root.range().copyTo(scratch, 0, stream);
            stream.synchronize();
            return scratch.segment().get(JAVA_LONG, PlaneLayout.SIZE);
        }
    }

    private void putParams(DeviceMemory root, MemorySegment struct) {
        MemorySegment.copy(struct, 0, scratch.segment(), 0, ParamsLayout.BYTES);
        root.range().slice(PlaneLayout.PARAMS, ParamsLayout.BYTES).copyFrom(scratch, 0, stream);
        stream.synchronize();
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
        DeviceMemory memory = context.deviceMemory(bytes);
        memory.range().clear(stream);
        stream.synchronize();
        return new GpuBuffer(memory.range(), copies);
    }

    @Override
    public DeviceBuffer variable(String name, long bytes) {
        return new GpuBuffer(
                global(name, bytes, "a variable " + name, "GBPF_EXPORT_VARIABLE(type, " + name + ")"), copies);
    }

    @Override
    public Optional<CodeLoader> codeLoader() {
        return Optional.of(policyCode);
    }

    /** A small kernel, which runs as soon as there is room for it; nobody reads what it writes then. */
    @Override
    public void rehearseLaunch() {
        tellSharedBytes.launch(LaunchShape.of(1, 1), rehearsals, scratch.deviceAddress());
    }

    /** In pairs of blocks that hand tasks over to each other, unless the driver finds no room for pairs, as in a part of a GPU. */
    @Override
    public void launch(long durationNs, int number, TablePlace table) {
        try {
            launchControl(durationNs, number, table);
        } catch (CudaException refused) {
            if (!inPairs) {
                throw refused;
            }
            inPairs = false;
            try {
                control.clusterBlocks(1);
                launchControl(durationNs, number, table);
            } catch (CudaException e) {
                e.addSuppressed(refused);
                throw e;
            }
        }
    }

    private void launchControl(long durationNs, int number, TablePlace table) {
        control.launch(shape, stream, plane().address(), durationNs, number, table.address(), table.epoch());
    }

    @Override
    public void awaitEnd(BooleanSupplier said, BooleanSupplier soon) {
        while (!stream.isIdle()) {
            for (int i = 0; i < LOOKS_FOR_EACH_QUERY && !said.getAsBoolean(); i++) {
                if (soon.getAsBoolean()) {
                    await(said);
                } else {
                    LockSupport.parkNanos(LOOK_NS);
                }
            }
        }
        stream.synchronize();
    }

    /** Looks all the time, for a while. */
    private static void await(BooleanSupplier said) {
        long start = System.nanoTime();
        while (!said.getAsBoolean() && System.nanoTime() - start < HURRY_NS) {
            Thread.onSpinWait();
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            access.close();
            context.close();
        }
    }
}
