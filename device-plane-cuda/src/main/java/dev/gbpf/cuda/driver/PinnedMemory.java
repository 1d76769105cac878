package dev.gbpf.cuda.driver;

import java.lang.foreign.MemorySegment;

/** Host memory that does not move, which kernels read and write over the bus. */
public final class PinnedMemory extends CudaResource {
    private final long address;
    private final long deviceAddress;
    private final long bytes;

    PinnedMemory(CudaContext context, long address, long deviceAddress, long bytes) {
        super(context);
        this.address = address;
        this.deviceAddress = deviceAddress;
        this.bytes = bytes;
    }

    /** As this process sees it. */
    public long address() {
        return address;
    }

    /** As kernels see it. */
    public long deviceAddress() {
        return deviceAddress;
    }

    public long bytes() {
        return bytes;
    }

    /**
     * As Java sees it. It must not be used after this is closed: the process would end.
     *
     * @throws IllegalStateException when this is closed
     */
    public MemorySegment segment() {
        if (isClosed()) {
            throw new IllegalStateException("PinnedMemory is closed");
        }
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    @Override
    void destroy(DriverApi api) {
        api.freeHost(address);
    }
}
