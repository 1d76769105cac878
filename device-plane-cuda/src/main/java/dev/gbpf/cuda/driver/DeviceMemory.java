package dev.gbpf.cuda.driver;

/** Memory on the device. */
public final class DeviceMemory extends CudaResource {
    /** How much is cleared by one copy. */
    static final int CLEAR_BYTES = 1 << 20;

    private final DeviceRange range;

    DeviceMemory(CudaContext context, long address, long bytes) {
        super(context);
        this.range = new DeviceRange(context, address, bytes);
    }

    /** All of it. */
    public DeviceRange range() {
        return range;
    }

    /** As kernels see it. */
    public long address() {
        return range.address();
    }

    public long bytes() {
        return range.bytes();
    }

    @Override
    void destroy(DriverApi api) {
        api.free(range.address());
    }
}
