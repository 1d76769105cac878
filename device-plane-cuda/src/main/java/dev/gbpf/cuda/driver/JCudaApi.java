package dev.gbpf.cuda.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUfunction;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUjit_option;
import jcuda.driver.CUmodule;
import jcuda.driver.CUmoduleLoadingMode;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.CUstream_flags;
import jcuda.driver.CUuuid;
import jcuda.driver.JCudaDriver;
import jcuda.driver.JITOptions;

/**
 * The driver by way of JCuda 12.6.0.
 *
 * <p>Implementation notes. JCuda's {@code cuModuleLoadFatBinary} loses the module that it loaded, and its {@code cuLinkCreate}
 * frees the buffers of the logs that the driver goes on writing to; {@code cuModuleLoadDataEx} takes fat binaries too, and
 * {@link LinkerCalls} calls the linker without JCuda, as {@link LibraryCalls} what JCuda does not have. Images are handed over in native memory, since a load may wait long for the
 * GPU and JCuda would hold up garbage collection as long as it holds a Java array.
 */
final class JCudaApi implements DriverApi {
    private static final int LOG_BYTES = 8192;
    private static final int NAME_BYTES = 256;
    private static final int PCI_BUS_ID_BYTES = 32;
    /** {@code CUDA_GRAPH_INSTANTIATE_FLAG_DEVICE_LAUNCH}. */
    private static final long LAUNCHED_BY_DEVICE = 4;

    private static final int MAPPED_AND_PORTABLE =
            JCudaDriver.CU_MEMHOSTALLOC_DEVICEMAP | JCudaDriver.CU_MEMHOSTALLOC_PORTABLE;

    private final LinkerCalls linker;
    private final LibraryCalls libraries;

    JCudaApi(LinkerCalls linker, LibraryCalls libraries) {
        this.linker = linker;
        this.libraries = libraries;
        JCudaDriver.setExceptionsEnabled(false);
        check(JCudaDriver.cuInit(0), "initialising the driver");
    }

    /** A device address as a number, which JCuda keeps to itself. */
    private static final class DeviceAddress extends CUdeviceptr {
        DeviceAddress() {}

        DeviceAddress(long value) {
            super(new CUdeviceptr(), value);
        }

        long value() {
            return getNativePointer() + getByteOffset();
        }
    }

    /** A host address likewise. */
    private static final class HostAddress extends Pointer {
        HostAddress() {}

        HostAddress(long value) {
            super(value);
        }

        long value() {
            return getNativePointer() + getByteOffset();
        }
    }

    private static void check(int result, String action) {
        check(result, action, "");
    }

    private static void check(int result, String action, String log) {
        if (result != CUresult.CUDA_SUCCESS) {
            throw CudaException.of(result, action, CUresult.stringFor(result), log);
        }
    }

    @Override
    public int driverVersion() {
        int[] version = new int[1];
        check(JCudaDriver.cuDriverGetVersion(version), "asking for the driver's version");
        return version[0];
    }

    @Override
    public int deviceCount() {
        int[] count = new int[1];
        check(JCudaDriver.cuDeviceGetCount(count), "counting GPUs");
        return count[0];
    }

    @Override
    public CUdevice device(int ordinal) {
        CUdevice device = new CUdevice();
        check(JCudaDriver.cuDeviceGet(device, ordinal), "opening GPU " + ordinal);
        return device;
    }

    @Override
    public String deviceName(CUdevice device) {
        byte[] name = new byte[NAME_BYTES];
        check(JCudaDriver.cuDeviceGetName(name, NAME_BYTES, device), "asking for a GPU's name");
        return text(name);
    }

    private static String text(byte[] terminated) {
        int end = 0;
        while (end < terminated.length && terminated[end] != 0) {
            end++;
        }
        return new String(terminated, 0, end, StandardCharsets.UTF_8);
    }

    @Override
    public byte[] deviceUuid(CUdevice device) {
        CUuuid uuid = new CUuuid();
        check(JCudaDriver.cuDeviceGetUuid(uuid, device), "asking for a GPU's UUID");
        return uuid.bytes;
    }

    @Override
    public String devicePciBusId(CUdevice device) {
        String[] id = new String[1];
        check(JCudaDriver.cuDeviceGetPCIBusId(id, PCI_BUS_ID_BYTES, device), "asking for a GPU's PCI address");
        return id[0];
    }

    @Override
    public long deviceMemory(CUdevice device) {
        long[] bytes = new long[1];
        check(JCudaDriver.cuDeviceTotalMem(bytes, device), "asking for a GPU's memory");
        return bytes[0];
    }

    @Override
    public int deviceAttribute(CUdevice device, int attribute) {
        int[] value = new int[1];
        check(JCudaDriver.cuDeviceGetAttribute(value, attribute, device), "asking for attribute " + attribute);
        return value[0];
    }

    @Override
    public CUcontext retainPrimaryContext(CUdevice device) {
        CUcontext context = new CUcontext();
        check(JCudaDriver.cuDevicePrimaryCtxRetain(context, device), "opening a context");
        return context;
    }

    @Override
    public void releasePrimaryContext(CUdevice device) {
        check(JCudaDriver.cuDevicePrimaryCtxRelease(device), "closing a context");
    }

    @Override
    public void setCurrent(CUcontext context) {
        check(JCudaDriver.cuCtxSetCurrent(context), "entering a context");
    }

    @Override
    public void clearCurrent() {
        check(JCudaDriver.cuCtxSetCurrent(new CUcontext()), "leaving a context");
    }

    @Override
    public void synchronize() {
        check(JCudaDriver.cuCtxSynchronize(), "waiting for the GPU");
    }

    @Override
    public long[] memoryInfo() {
        long[] free = new long[1];
        long[] total = new long[1];
        check(JCudaDriver.cuMemGetInfo(free, total), "asking for free memory");
        return new long[] {free[0], total[0]};
    }

    @Override
    public CUmodule loadModule(String name, byte[] image) {
        try (Arena arena = Arena.ofConfined()) {
            // PTX ends with a zero byte; other images do not mind one.
            MemorySegment copy = arena.allocate(image.length + 1L, Long.BYTES * 2);
            MemorySegment.copy(image, 0, copy, ValueLayout.JAVA_BYTE, 0, image.length);
            HostAddress address = new HostAddress(copy.address());
            CUmodule module = new CUmodule();
            // A log is made only when there is something to read: tasks may be waiting for the module.
            if (JCudaDriver.cuModuleLoadDataJIT(module, address, new JITOptions()) != CUresult.CUDA_SUCCESS) {
                loadWithLog(name, module, address);
            }
            return module;
        }
    }

    private static void loadWithLog(String name, CUmodule module, Pointer image) {
        JITOptions options = new JITOptions();
        options.putBytes(CUjit_option.CU_JIT_ERROR_LOG_BUFFER, new byte[LOG_BYTES]);
        options.putInt(CUjit_option.CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES, LOG_BYTES);
        int result = JCudaDriver.cuModuleLoadDataJIT(module, image, options);
        check(
                result,
                "loading module " + name,
                result == 0 ? "" : text(options.getBytes(CUjit_option.CU_JIT_ERROR_LOG_BUFFER)));
    }

    @Override
    public void unloadModule(CUmodule module) {
        check(JCudaDriver.cuModuleUnload(module), "unloading a module");
    }

    @Override
    public CUfunction function(CUmodule module, String name) {
        CUfunction function = new CUfunction();
        check(JCudaDriver.cuModuleGetFunction(function, module, name), "finding function " + name);
        return function;
    }

    @Override
    public Extent global(CUmodule module, String name) {
        DeviceAddress address = new DeviceAddress();
        long[] bytes = new long[1];
        check(JCudaDriver.cuModuleGetGlobal(address, bytes, module, name), "finding variable " + name);
        return new Extent(address.value(), bytes[0]);
    }

    @Override
    public long loadLibrary(String name, byte[] image) {
        return libraries.load(name, image);
    }

    @Override
    public Extent libraryGlobal(long library, String name) {
        return libraries.global(library, name);
    }

    @Override
    public void unloadLibrary(long library) {
        libraries.unload(library);
    }

    @Override
    public boolean loadsEagerly() {
        int[] mode = new int[1];
        check(JCudaDriver.cuModuleGetLoadingMode(mode), "asking when code is loaded");
        return mode[0] == CUmoduleLoadingMode.CU_MODULE_EAGER_LOADING;
    }

    @Override
    public int functionAttribute(CUfunction function, int attribute) {
        int[] value = new int[1];
        check(
                JCudaDriver.cuFuncGetAttribute(value, attribute, function),
                "asking for a function's attribute " + attribute);
        return value[0];
    }

    @Override
    public void setFunctionAttribute(CUfunction function, int attribute, int value) {
        check(
                JCudaDriver.cuFuncSetAttribute(function, attribute, value),
                "setting a function's attribute " + attribute + " to " + value);
    }

    @Override
    public int blocksPerSm(CUfunction function, int threads, long sharedBytes) {
        int[] blocks = new int[1];
        check(
                JCudaDriver.cuOccupancyMaxActiveBlocksPerMultiprocessor(blocks, function, threads, sharedBytes),
                "asking how many blocks fit");
        return blocks[0];
    }

    @Override
    public void launch(CUfunction function, LaunchShape shape, CUstream stream, List<byte[]> arguments) {
        Pointer[] each = new Pointer[arguments.size()];
        for (int i = 0; i < each.length; i++) {
            each[i] = Pointer.to(arguments.get(i));
        }
        Pointer all = each.length == 0 ? new Pointer() : Pointer.to(each);
        int result = shape.cooperative()
                ? JCudaDriver.cuLaunchCooperativeKernel(
                        function, shape.blocks(), 1, 1, shape.threads(), 1, 1, shape.sharedBytes(), stream, all)
                : JCudaDriver.cuLaunchKernel(
                        function,
                        shape.blocks(),
                        1,
                        1,
                        shape.threads(),
                        1,
                        1,
                        shape.sharedBytes(),
                        stream,
                        all,
                        new Pointer());
        check(result, "launching " + shape.blocks() + " blocks of " + shape.threads() + " threads");
    }

    @Override
    public byte[] link(List<LinkInput> inputs, int maxRegisters) {
        return linker.link(inputs, maxRegisters);
    }

    @Override
    public long allocate(long bytes) {
        DeviceAddress address = new DeviceAddress();
        check(JCudaDriver.cuMemAlloc(address, bytes), "allocating " + bytes + " bytes on the GPU");
        return address.value();
    }

    @Override
    public void free(long address) {
        check(JCudaDriver.cuMemFree(new DeviceAddress(address)), "freeing memory of the GPU");
    }

    @Override
    public long allocateHost(long bytes) {
        HostAddress address = new HostAddress();
        check(
                JCudaDriver.cuMemHostAlloc(address, bytes, MAPPED_AND_PORTABLE),
                "allocating " + bytes + " bytes of pinned memory");
        return address.value();
    }

    @Override
    public void freeHost(long address) {
        check(JCudaDriver.cuMemFreeHost(new HostAddress(address)), "freeing pinned memory");
    }

    @Override
    public long hostDeviceAddress(long address) {
        DeviceAddress device = new DeviceAddress();
        check(
                JCudaDriver.cuMemHostGetDevicePointer(device, new HostAddress(address), 0),
                "asking where the GPU sees pinned memory");
        return device.value();
    }

    @Override
    public void copyToDevice(long device, long host, long bytes, CUstream stream) {
        check(
                JCudaDriver.cuMemcpyHtoDAsync(new DeviceAddress(device), new HostAddress(host), bytes, stream),
                "copying " + bytes + " bytes to the GPU");
    }

    @Override
    public void copyToHost(long host, long device, long bytes, CUstream stream) {
        check(
                JCudaDriver.cuMemcpyDtoHAsync(new HostAddress(host), new DeviceAddress(device), bytes, stream),
                "copying " + bytes + " bytes from the GPU");
    }

    @Override
    public CUstream createStream(int priority) {
        CUstream stream = new CUstream();
        check(
                JCudaDriver.cuStreamCreateWithPriority(stream, CUstream_flags.CU_STREAM_NON_BLOCKING, priority),
                "creating a stream");
        return stream;
    }

    @Override
    public void destroyStream(CUstream stream) {
        check(JCudaDriver.cuStreamDestroy(stream), "closing a stream");
    }

    @Override
    public void synchronizeStream(CUstream stream) {
        check(JCudaDriver.cuStreamSynchronize(stream), "waiting for a stream");
    }

    @Override
    public boolean isStreamIdle(CUstream stream) {
        return isDone(JCudaDriver.cuStreamQuery(stream), "looking at a stream");
    }

    private static boolean isDone(int result, String action) {
        if (result == CUresult.CUDA_ERROR_NOT_READY) {
            return false;
        }
        check(result, action);
        return true;
    }

    @Override
    public void waitForEvent(CUstream stream, CUevent event) {
        check(JCudaDriver.cuStreamWaitEvent(stream, event, 0), "letting a stream wait for an event");
    }

    @Override
    public void beginCapture(CUstream stream) {
        check(
                JCudaDriver.cuStreamBeginCapture(stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL),
                "beginning a graph");
    }

    @Override
    public CUgraphExec endCapture(CUstream stream, boolean fromDevice) {
        CUgraph graph = new CUgraph();
        check(JCudaDriver.cuStreamEndCapture(stream, graph), "ending a graph");
        CUgraphExec ready = new CUgraphExec();
        try {
            check(
                    JCudaDriver.cuGraphInstantiate(ready, graph, fromDevice ? LAUNCHED_BY_DEVICE : 0),
                    "making a graph ready");
        } finally {
            JCudaDriver.cuGraphDestroy(graph); // what it returns says only that there was such a graph
        }
        if (fromDevice) {
            int result = JCudaDriver.cuGraphUpload(ready, stream);
            if (result != CUresult.CUDA_SUCCESS) {
                JCudaDriver.cuGraphExecDestroy(ready);
            }
            check(result, "bringing a graph to the GPU");
        }
        return ready;
    }

    @Override
    public void launchGraph(CUgraphExec graph, CUstream stream) {
        check(JCudaDriver.cuGraphLaunch(graph, stream), "launching a graph");
    }

    @Override
    public void destroyGraph(CUgraphExec graph) {
        check(JCudaDriver.cuGraphExecDestroy(graph), "closing a graph");
    }

    @Override
    public CUevent createEvent() {
        CUevent event = new CUevent();
        check(JCudaDriver.cuEventCreate(event, CUevent_flags.CU_EVENT_DEFAULT), "creating an event");
        return event;
    }

    @Override
    public void destroyEvent(CUevent event) {
        check(JCudaDriver.cuEventDestroy(event), "closing an event");
    }

    @Override
    public void recordEvent(CUevent event, CUstream stream) {
        check(JCudaDriver.cuEventRecord(event, stream), "recording an event");
    }

    @Override
    public void synchronizeEvent(CUevent event) {
        check(JCudaDriver.cuEventSynchronize(event), "waiting for an event");
    }

    @Override
    public boolean isEventDone(CUevent event) {
        return isDone(JCudaDriver.cuEventQuery(event), "looking at an event");
    }

    @Override
    public float elapsedMillis(CUevent from, CUevent to) {
        float[] millis = new float[1];
        check(JCudaDriver.cuEventElapsedTime(millis, from, to), "timing between events");
        return millis[0];
    }
}
