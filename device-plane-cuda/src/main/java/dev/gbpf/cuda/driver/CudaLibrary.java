package dev.gbpf.cuda.driver;

/**
 * Code that the driver has read. Unless it loads eagerly ({@link CudaContext#loadsEagerly}), it comes to the GPU when something of it is asked
 * for, and until then needs nothing of the GPU: it can be made while a kernel is resident.
 */
public final class CudaLibrary extends CudaResource {
    private final long handle;

    CudaLibrary(CudaContext context, long handle) {
        super(context);
        this.handle = handle;
    }

    /** A variable of it, as {@link CudaModule#global}; the code comes to the GPU, for which the driver waits until no kernel is resident. */
    public DeviceRange global(String variable) {
        DriverApi.Extent extent = api().libraryGlobal(handle, variable);
        return new DeviceRange(context(), extent.address(), extent.bytes());
    }

    @Override
    void destroy(DriverApi api) {
        api.unloadLibrary(handle);
    }
}
