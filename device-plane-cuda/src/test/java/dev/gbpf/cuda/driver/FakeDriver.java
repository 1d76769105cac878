package dev.gbpf.cuda.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUevent;
import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUmodule;
import jcuda.driver.CUstream;
import org.jspecify.annotations.Nullable;

/**
 * A driver without a GPU that keeps account: what is open, what was used after it was closed, and calls without a context. Device
 * memory is host memory, and streams do their work at once. Chosen calls fail, and then do nothing.
 */
final class FakeDriver implements DriverApi {
    private static final int MAX_THREADS = 512;
    private static final int ALIGNMENT = 256;
    static final int FAILURE = CudaError.OUT_OF_MEMORY.code();

    /** What went against the rules, in words. */
    final List<String> violations = new ArrayList<>();

    /** What a kernel does here; nothing, usually. */
    FakeGpu.Kernels kernels = new FakeGpu.Kernels() {};
    /** Variables of modules by name; where it is null every name is one. */
    @Nullable
    Map<String, Extent> variables;
    /** What the linker makes of its inputs: a file without sections, usually. */
    Function<List<LinkInput>, byte[]> linker = _ -> TestElf.of();
    /** How far from its host address kernels see pinned memory. */
    int hostOffset = 1;
    /** Whether code comes to the GPU at once. */
    boolean loadsEagerly;
    /** Whether libraries are refused. */
    volatile boolean refusesLibraries;
    /** Libraries that were read while a kernel was resident. */
    final AtomicInteger readBeside = new AtomicInteger();

    private final Set<Integer> failures;
    private final IdentityHashMap<CUfunction, String> functions = new IdentityHashMap<>();
    /** By identity, since JCuda's handles are equal when their pointers are. */
    private final Set<Object> open = Collections.newSetFromMap(new IdentityHashMap<>());

    /** What was set of each kernel. */
    private final Map<String, Map<Integer, Integer>> functionAttributes = new HashMap<>();

    /** Blocks of a cluster for which there is room. */
    int mostInCluster = 8;

    /** Streams on which kernels were launched. */
    private final Set<CUstream> launched = Collections.newSetFromMap(new IdentityHashMap<>());

    private final Set<Long> libraries = new HashSet<>();
    private long lastLibrary;
    private final Map<Long, Arena> memory = new HashMap<>();
    private final Set<Long> freed = new HashSet<>();
    private final Set<CUcontext> primary = Collections.newSetFromMap(new IdentityHashMap<>());
    private @Nullable CUcontext current;
    private int retained;
    private int calls;
    /** Calls that entered the context or closed something, and failed: what they were about may stay open. */
    int refusedCloses;

    /** A driver of which the calls of these numbers, from 1, fail. */
    FakeDriver(Set<Integer> failures) {
        this.failures = failures;
    }

    int calls() {
        return calls;
    }

    /** Everything that was opened and not closed, the context not counted. */
    int openResources() {
        return open.size() + memory.size() + libraries.size();
    }

    int retained() {
        return retained;
    }

    private void call(String name) {
        calls++;
        if (failures.contains(calls)) {
            throw CudaException.of(FAILURE, name, "", "");
        }
    }

    private void inContext(String name) {
        if (current == null || retained == 0) {
            violations.add(name + " without a context");
        }
        call(name);
    }

    private void closing(String name) {
        try {
            inContext(name);
        } catch (CudaException e) {
            refusedCloses++;
            throw e;
        }
    }

    private <T> T opened(T handle) {
        open.add(handle);
        return handle;
    }

    private void used(Object handle, String name) {
        if (!open.contains(handle)) {
            violations.add(name + " of something that is not open");
        }
    }

    private void closed(Object handle, String name) {
        // A close that fails still ends the handle: nobody tries again.
        used(handle, name);
        try {
            closing(name);
        } finally {
            open.remove(handle);
        }
    }

    @Override
    public int driverVersion() {
        call("driverVersion");
        return 13_000;
    }

    @Override
    public int deviceCount() {
        call("deviceCount");
        return 2;
    }

    @Override
    public CUdevice device(int ordinal) {
        call("device");
        return new CUdevice();
    }

    @Override
    public String deviceName(CUdevice device) {
        call("deviceName");
        return "Fake GPU";
    }

    @Override
    public byte[] deviceUuid(CUdevice device) {
        call("deviceUuid");
        return new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, (byte) calls};
    }

    @Override
    public String devicePciBusId(CUdevice device) {
        call("devicePciBusId");
        return "0000:07:00.0";
    }

    @Override
    public long deviceMemory(CUdevice device) {
        call("deviceMemory");
        return 1L << 37;
    }

    @Override
    public int deviceAttribute(CUdevice device, int attribute) {
        call("deviceAttribute");
        return attribute;
    }

    @Override
    public CUcontext retainPrimaryContext(CUdevice device) {
        call("retainPrimaryContext");
        retained++;
        CUcontext context = new CUcontext();
        primary.add(context);
        return context;
    }

    @Override
    public void releasePrimaryContext(CUdevice device) {
        retained--;
        call("releasePrimaryContext");
    }

    @Override
    public void setCurrent(CUcontext context) {
        if (!primary.contains(context)) {
            violations.add("setCurrent of another context");
        }
        try {
            call("setCurrent");
        } catch (CudaException e) {
            refusedCloses++;
            throw e;
        }
        current = context;
    }

    @Override
    public void clearCurrent() {
        call("clearCurrent");
        current = null;
    }

    @Override
    public void synchronize() {
        inContext("synchronize");
    }

    @Override
    public long[] memoryInfo() {
        inContext("memoryInfo");
        return new long[] {1L << 36, 1L << 37};
    }

    @Override
    public CUmodule loadModule(String name, byte[] image) {
        inContext("loadModule");
        alone("loadModule");
        return opened(new CUmodule());
    }

    @Override
    public void unloadModule(CUmodule module) {
        closed(module, "unloadModule");
    }

    @Override
    public CUfunction function(CUmodule module, String name) {
        used(module, "function");
        inContext("function");
        CUfunction function = new CUfunction();
        functions.put(function, name);
        return function;
    }

    @Override
    public Extent global(CUmodule module, String name) {
        used(module, "global");
        inContext("global");
        return variable(name);
    }

    private Extent variable(String name) {
        if (variables == null) {
            return new Extent(1 << 20, 8);
        }
        Extent variable = variables.get(name);
        if (variable == null) {
            throw CudaException.of(CudaError.NOT_FOUND.code(), "global", "", "");
        }
        return variable;
    }

    @Override
    public long loadLibrary(String name, byte[] image) {
        inContext("loadLibrary");
        if (loadsEagerly) {
            alone("loadLibrary");
        }
        if (!kernels.isIdle()) {
            readBeside.incrementAndGet();
        }
        if (refusesLibraries) {
            throw CudaException.of(CudaError.OUT_OF_MEMORY.code(), "loading library " + name, "", "");
        }
        libraries.add(++lastLibrary);
        return lastLibrary;
    }

    @Override
    public Extent libraryGlobal(long library, String name) {
        usedLibrary(library, "libraryGlobal");
        inContext("libraryGlobal");
        alone("libraryGlobal");
        return variable(name);
    }

    @Override
    public void unloadLibrary(long library) {
        usedLibrary(library, "unloadLibrary");
        try {
            closing("unloadLibrary");
        } finally {
            libraries.remove(library);
        }
    }

    /** What the driver would hold up until no kernel is resident. */
    private void alone(String name) {
        if (!kernels.isIdle()) {
            violations.add(name + " while a kernel is resident");
        }
    }

    private void usedLibrary(long library, String name) {
        if (!libraries.contains(library)) {
            violations.add(name + " of a library that is not open");
        }
    }

    @Override
    public boolean loadsEagerly() {
        inContext("loadsEagerly");
        return loadsEagerly;
    }

    @Override
    public int functionAttribute(CUfunction function, int attribute) {
        inContext("functionAttribute");
        return attribute == CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK ? MAX_THREADS : attribute;
    }

    @Override
    public void setFunctionAttribute(CUfunction function, int attribute, int value) {
        inContext("setFunctionAttribute");
        functionAttributes
                .computeIfAbsent(functions.getOrDefault(function, ""), name -> new HashMap<>())
                .put(attribute, value);
    }

    int clusterBlocks(String function) {
        return functionAttributes
                .getOrDefault(function, Map.of())
                .getOrDefault(CUfunction_attribute.CU_FUNC_ATTRIBUTE_REQUIRED_CLUSTER_WIDTH, 1);
    }

    @Override
    public int blocksPerSm(CUfunction function, int threads, long sharedBytes) {
        inContext("blocksPerSm");
        return 1;
    }

    @Override
    public void launch(CUfunction function, LaunchShape shape, CUstream stream, List<byte[]> arguments) {
        used(stream, "launch");
        inContext("launch");
        String name = functions.getOrDefault(function, "");
        if (clusterBlocks(name) > mostInCluster) {
            throw CudaException.of(CudaError.COOPERATIVE_LAUNCH_TOO_LARGE.code(), "launch", "", "");
        }
        launched.add(stream);
        kernels.launch(name, shape, arguments);
    }

    @Override
    public byte[] link(List<LinkInput> inputs, int maxRegisters) {
        inContext("link");
        return linker.apply(inputs);
    }

    @Override
    public long allocate(long bytes) {
        inContext("allocate");
        return place(bytes);
    }

    @Override
    public void free(long address) {
        take(address, "free");
    }

    @Override
    public long allocateHost(long bytes) {
        inContext("allocateHost");
        return place(bytes);
    }

    private long place(long bytes) {
        Arena arena = Arena.ofShared();
        MemorySegment segment = arena.allocate(bytes, ALIGNMENT);
        segment.fill((byte) 0x5a);
        memory.put(segment.address(), arena);
        freed.remove(segment.address());
        return segment.address();
    }

    private void take(long address, String name) {
        Arena arena = memory.remove(address);
        if (arena == null) {
            violations.add(name + " of memory that is " + (freed.contains(address) ? "freed" : "none"));
            return;
        }
        arena.close();
        freed.add(address);
        closing(name);
    }

    @Override
    public void freeHost(long address) {
        take(address, "freeHost");
    }

    @Override
    public long hostDeviceAddress(long address) {
        inContext("hostDeviceAddress");
        return address + hostOffset;
    }

    @Override
    public void copyToDevice(long device, long host, long bytes, CUstream stream) {
        copy(host, device, bytes, stream);
    }

    @Override
    public void copyToHost(long host, long device, long bytes, CUstream stream) {
        copy(device, host, bytes, stream);
    }

    private void copy(long from, long to, long bytes, CUstream stream) {
        used(stream, "copy");
        inContext("copy");
        MemorySegment.ofAddress(to)
                .reinterpret(bytes)
                .copyFrom(MemorySegment.ofAddress(from).reinterpret(bytes));
    }

    @Override
    public CUstream createStream(int priority) {
        inContext("createStream");
        return opened(new CUstream());
    }

    @Override
    public void destroyStream(CUstream stream) {
        closed(stream, "destroyStream");
    }

    @Override
    public void synchronizeStream(CUstream stream) {
        used(stream, "synchronizeStream");
        inContext("synchronizeStream");
        if (launched.contains(stream)) {
            kernels.synchronize();
        }
    }

    @Override
    public boolean isStreamIdle(CUstream stream) {
        used(stream, "isStreamIdle");
        inContext("isStreamIdle");
        return !launched.contains(stream) || kernels.isIdle();
    }

    @Override
    public void waitForEvent(CUstream stream, CUevent event) {
        used(stream, "waitForEvent");
        used(event, "waitForEvent");
        inContext("waitForEvent");
    }

    @Override
    public void beginCapture(CUstream stream) {
        used(stream, "beginCapture");
        inContext("beginCapture");
    }

    @Override
    public CUgraphExec endCapture(CUstream stream, boolean fromDevice) {
        used(stream, "endCapture");
        inContext("endCapture");
        return opened(new CUgraphExec());
    }

    @Override
    public void launchGraph(CUgraphExec graph, CUstream stream) {
        used(graph, "launchGraph");
        used(stream, "launchGraph");
        inContext("launchGraph");
    }

    @Override
    public void destroyGraph(CUgraphExec graph) {
        closed(graph, "destroyGraph");
    }

    @Override
    public CUevent createEvent() {
        inContext("createEvent");
        return opened(new CUevent());
    }

    @Override
    public void destroyEvent(CUevent event) {
        closed(event, "destroyEvent");
    }

    @Override
    public void recordEvent(CUevent event, CUstream stream) {
        used(event, "recordEvent");
        used(stream, "recordEvent");
        inContext("recordEvent");
    }

    @Override
    public void synchronizeEvent(CUevent event) {
        used(event, "synchronizeEvent");
        inContext("synchronizeEvent");
    }

    @Override
    public boolean isEventDone(CUevent event) {
        used(event, "isEventDone");
        inContext("isEventDone");
        return true;
    }

    @Override
    public float elapsedMillis(CUevent from, CUevent to) {
        used(from, "elapsedMillis");
        used(to, "elapsedMillis");
        inContext("elapsedMillis");
        return 1.5f;
    }
}
