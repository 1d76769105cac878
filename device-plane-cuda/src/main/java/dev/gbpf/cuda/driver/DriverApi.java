package dev.gbpf.cuda.driver;

import java.util.List;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUevent;
import jcuda.driver.CUfunction;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUmodule;
import jcuda.driver.CUstream;

/**
 * The driver's calls that are used here. Each of them throws {@link CudaException} when the driver refuses it, and then has
 * changed nothing. All but those about devices and the primary context need a current context.
 */
interface DriverApi {
    /** The newest CUDA that the driver knows, as in 13000 for 13.0. */
    int driverVersion();

    int deviceCount();

    CUdevice device(int ordinal);

    String deviceName(CUdevice device);

    /** 16 bytes. */
    byte[] deviceUuid(CUdevice device);

    String devicePciBusId(CUdevice device);

    long deviceMemory(CUdevice device);

    int deviceAttribute(CUdevice device, int attribute);

    CUcontext retainPrimaryContext(CUdevice device);

    void releasePrimaryContext(CUdevice device);

    /** Makes a context the calling thread's. */
    void setCurrent(CUcontext context);

    /** Leaves the calling thread without a context. */
    void clearCurrent();

    void synchronize();

    /** Free and total device memory, bytes. */
    long[] memoryInfo();

    /** Loads a fat binary, cubin or PTX text. */
    CUmodule loadModule(String name, byte[] image);

    void unloadModule(CUmodule module);

    CUfunction function(CUmodule module, String name);

    /** A variable's address and size. */
    Extent global(CUmodule module, String name);

    /** Reads a cubin, which comes to the GPU when something of it is asked for, or at once where the driver loads eagerly. */
    long loadLibrary(String name, byte[] image);

    /** A variable's address and size, likewise. */
    Extent libraryGlobal(long library, String name);

    void unloadLibrary(long library);

    /** Whether all code comes to the GPU at once, and not when it is asked for. */
    boolean loadsEagerly();

    int functionAttribute(CUfunction function, int attribute);

    void setFunctionAttribute(CUfunction function, int attribute, int value);

    /** Blocks of a function that one SM holds at once. */
    int blocksPerSm(CUfunction function, int threads, long sharedBytes);

    void launch(CUfunction function, LaunchShape shape, CUstream stream, List<byte[]> arguments);

    /**
     * Links inputs to machine code for the current context's GPU.
     *
     * @param maxRegisters of a thread, for what is compiled from PTX; 0: no limit
     */
    byte[] link(List<LinkInput> inputs, int maxRegisters);

    /** Device memory; its address. */
    long allocate(long bytes);

    void free(long address);

    /** Pinned host memory that kernels can use; its host address. */
    long allocateHost(long bytes);

    void freeHost(long address);

    /** Where kernels see pinned host memory. */
    long hostDeviceAddress(long address);

    void copyToDevice(long device, long host, long bytes, CUstream stream);

    void copyToHost(long host, long device, long bytes, CUstream stream);

    /** A stream that does not wait for the default stream; smaller numbers are more urgent. */
    CUstream createStream(int priority);

    void destroyStream(CUstream stream);

    void synchronizeStream(CUstream stream);

    /** Whether all its work is done. */
    boolean isStreamIdle(CUstream stream);

    void waitForEvent(CUstream stream, CUevent event);

    /** What is queued on a stream from now on becomes a graph, and is not done; by this thread. */
    void beginCapture(CUstream stream);

    /**
     * The graph, ready to be launched; nothing is kept that was captured with an error.
     *
     * @param fromDevice whether kernels can launch it too
     */
    CUgraphExec endCapture(CUstream stream, boolean fromDevice);

    void launchGraph(CUgraphExec graph, CUstream stream);

    void destroyGraph(CUgraphExec graph);

    CUevent createEvent();

    void destroyEvent(CUevent event);

    void recordEvent(CUevent event, CUstream stream);

    void synchronizeEvent(CUevent event);

    boolean isEventDone(CUevent event);

    /** Milliseconds between two events that are done. */
    float elapsedMillis(CUevent from, CUevent to);

    /**
     * Memory on the device.
     *
     * @param address its device address
     * @param bytes its size
     */
    record Extent(long address, long bytes) {}
}
