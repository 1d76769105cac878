package dev.gbpf.cuda.driver;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.function.Function;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import org.jspecify.annotations.Nullable;

/**
 * The primary context of a GPU, and everything that was made in it. Closing it gives all of that back, the newest first, whatever
 * the driver says to each. Any thread may use it.
 *
 * <p>While a kernel is resident, loading modules, allocating and freeing wait until it ends: do them before.
 */
public final class CudaContext implements AutoCloseable {
    private final DriverApi api;
    private final CUdevice device;
    private final CUcontext handle;
    /** Open ones, the oldest first. Guarded by this. */
    private final SequencedSet<CudaResource> resources = new LinkedHashSet<>();

    private boolean closed;
    private @Nullable PinnedMemory zeros;

    private CudaContext(DriverApi api, CUdevice device, CUcontext handle) {
        this.api = api;
        this.device = device;
        this.handle = handle;
    }

    static CudaContext open(DriverApi api, int ordinal) {
        CUdevice device = api.device(ordinal);
        CudaContext context = new CudaContext(api, device, api.retainPrimaryContext(device));
        try {
            // Now, since pinned memory cannot be had while a kernel is resident.
            context.zeros = context.pinnedMemory(DeviceMemory.CLEAR_BYTES);
            return context;
        } catch (RuntimeException | Error e) {
            closeAfter(context, e);
            throw e;
        }
    }

    private static void closeAfter(CudaContext context, Throwable failure) {
        try {
            context.close();
        } catch (CudaException e) {
            failure.addSuppressed(e);
        }
    }

    /** Makes it the calling thread's context. */
    DriverApi enter() {
        api.setCurrent(handle);
        return api;
    }

    private synchronized <T extends CudaResource> T make(Function<DriverApi, T> maker) {
        if (closed) {
            throw new IllegalStateException("the context is closed");
        }
        T resource = maker.apply(enter());
        resources.add(resource);
        return resource;
    }

    /**
     * Loads code: a fat binary, a cubin, or PTX text.
     *
     * @param name for messages
     */
    public CudaModule module(String name, byte[] image) {
        return make(driver -> new CudaModule(this, name, driver.loadModule(name, image)));
    }

    /**
     * Reads code that comes to the GPU later: a cubin.
     *
     * @param name for messages
     */
    public CudaLibrary library(String name, byte[] image) {
        return make(driver -> new CudaLibrary(this, driver.loadLibrary(name, image)));
    }

    /** Whether the driver brings all code to the GPU at once ({@code CUDA_MODULE_LOADING=EAGER}), that of libraries too. */
    public boolean loadsEagerly() {
        return enter().loadsEagerly();
    }

    /**
     * Links code that consists of parts, and loads it.
     *
     * @param name for messages
     * @param maxRegisters of a thread, for what is compiled from PTX; 0: no limit
     * @throws CudaException with what the linker said, when parts do not fit together
     */
    public CudaModule linkedModule(String name, List<LinkInput> inputs, int maxRegisters) {
        return module(name, link(inputs, maxRegisters));
    }

    /** Links parts to machine code for this GPU. */
    public byte[] link(List<LinkInput> inputs, int maxRegisters) {
        return enter().link(inputs, maxRegisters);
    }

    /** Device memory, whose contents are not defined. */
    public DeviceMemory deviceMemory(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("bytes=" + bytes + ": device memory has at least one byte");
        }
        return make(driver -> new DeviceMemory(this, driver.allocate(bytes), bytes));
    }

    /** Host memory that kernels can use too, all zero. At most 2 GiB - 1, as JCuda cannot do more. */
    public PinnedMemory pinnedMemory(long bytes) {
        if (bytes < 1 || bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("bytes=" + bytes + ": pinned memory has 1 to 2,147,483,647 bytes");
        }
        return make(driver -> {
            long address = driver.allocateHost(bytes);
            try {
                long deviceAddress = driver.hostDeviceAddress(address);
                MemorySegment.ofAddress(address).reinterpret(bytes).fill((byte) 0);
                return new PinnedMemory(this, address, deviceAddress, bytes);
            } catch (CudaException e) {
                try {
                    driver.freeHost(address);
                } catch (CudaException second) {
                    e.addSuppressed(second);
                }
                throw e;
            }
        });
    }

    /** A stream that does not wait for the default stream. */
    public CudaStream stream() {
        return stream(0);
    }

    /**
     * A stream of a priority.
     *
     * @param priority 0 for the usual, negative for more urgent; the driver brings it into its range
     */
    public CudaStream stream(int priority) {
        return make(driver -> new CudaStream(this, driver.createStream(priority)));
    }

    /**
     * Writes work down, which is not done before the graph is launched.
     *
     * @param stream on which {@code work} queues it, by the calling thread
     */
    public CudaGraph graph(CudaStream stream, Runnable work) {
        return graph(stream, work, false);
    }

    /** Such a graph that its own kernels can launch too. */
    public CudaGraph deviceGraph(CudaStream stream, Runnable work) {
        return graph(stream, work, true);
    }

    private CudaGraph graph(CudaStream stream, Runnable work, boolean fromDevice) {
        return make(driver -> {
            driver.beginCapture(stream.handle());
            try {
                work.run();
            } catch (RuntimeException | Error e) {
                try {
                    driver.destroyGraph(driver.endCapture(stream.handle(), false));
                } catch (CudaException second) {
                    e.addSuppressed(second);
                }
                throw e;
            }
            return new CudaGraph(this, driver.endCapture(stream.handle(), fromDevice));
        });
    }

    public CudaEvent event() {
        return make(driver -> new CudaEvent(this, driver.createEvent()));
    }

    /** Waits until all work of the context is done. */
    public void synchronize() {
        enter().synchronize();
    }

    /** Free device memory, bytes. */
    public long freeBytes() {
        return enter().memoryInfo()[0];
    }

    /** Pinned zeros to copy from. */
    PinnedMemory zeros() {
        if (zeros == null) {
            throw new IllegalStateException("the context is closed");
        }
        return zeros;
    }

    /** How many resources are open, for those who look for leaks. */
    public synchronized int openResources() {
        return resources.size();
    }

    synchronized void close(CudaResource resource) {
        if (resource.markClosed()) {
            resources.remove(resource);
            resource.destroy(enter());
        }
    }

    /**
     * Gives back whatever is open, and the context.
     *
     * @throws CudaException the first that the driver refused, with the others behind it; everything counts as closed
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        CudaException failure = null;
        while (!resources.isEmpty()) {
            failure = attempt(failure, resources.getLast()::close);
        }
        failure = attempt(failure, api::clearCurrent);
        failure = attempt(failure, () -> api.releasePrimaryContext(device));
        if (failure != null) {
            throw failure;
        }
    }

    private static @Nullable CudaException attempt(@Nullable CudaException before, Runnable action) {
        try {
            action.run();
            return before;
        } catch (CudaException e) {
            if (before == null) {
                return e;
            }
            before.addSuppressed(e);
            return before;
        }
    }
}
