package dev.gbpf.cuda.driver;

import java.util.Objects;

/** Memory on the device that somebody else owns, and copies to and from it. Copies are done when their stream is. */
public final class DeviceRange {
    private final CudaContext context;
    private final long address;
    private final long bytes;

    DeviceRange(CudaContext context, long address, long bytes) {
        this.context = context;
        this.address = address;
        this.bytes = bytes;
    }

    /** As kernels see it. */
    public long address() {
        return address;
    }

    public long bytes() {
        return bytes;
    }

    /** A part of it. */
    public DeviceRange slice(long offset, long length) {
        Objects.checkFromIndexSize(offset, length, bytes);
        return new DeviceRange(context, address + offset, length);
    }

    /** Fills it from pinned memory. */
    public void copyFrom(PinnedMemory source, long sourceOffset, CudaStream stream) {
        Objects.checkFromIndexSize(sourceOffset, bytes, source.bytes());
        stream.api().copyToDevice(address, source.address() + sourceOffset, bytes, stream.handle());
    }

    /** Copies it to pinned memory. */
    public void copyTo(PinnedMemory target, long targetOffset, CudaStream stream) {
        Objects.checkFromIndexSize(targetOffset, bytes, target.bytes());
        stream.api().copyToHost(target.address() + targetOffset, address, bytes, stream.handle());
    }

    /** Makes it all zero by copies, which a copy engine does while a kernel is resident; setting memory would be a kernel. */
    public void clear(CudaStream stream) {
        PinnedMemory zeros = context.zeros();
        for (long done = 0; done < bytes; done += zeros.bytes()) {
            slice(done, Math.min(zeros.bytes(), bytes - done)).copyFrom(zeros, 0, stream);
        }
    }
}
