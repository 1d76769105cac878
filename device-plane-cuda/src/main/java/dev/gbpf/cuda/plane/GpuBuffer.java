package dev.gbpf.cuda.plane;

import dev.gbpf.cuda.driver.CudaStream;
import dev.gbpf.cuda.driver.DeviceRange;
import dev.gbpf.cuda.driver.PinnedMemory;
import java.lang.foreign.MemorySegment;

/**
 * Memory of a GPU.
 *
 * @param range the memory
 * @param copies by which it is copied
 */
record GpuBuffer(DeviceRange range, Copies copies) implements DeviceBuffer {
    /**
     * Copies by way of pinned memory, on a stream of their own, so that a resident kernel does not hold them up.
     *
     * @param staging what is under way
     */
    record Copies(CudaStream stream, PinnedMemory staging) {}

    @Override
    public long address() {
        return range.address();
    }

    @Override
    public long bytes() {
        return range.bytes();
    }

    @Override
    public void read(long offset, MemorySegment to) {
        PinnedMemory staging = copies.staging();
        synchronized (staging) {
            for (long done = 0; done < to.byteSize(); done += staging.bytes()) {
                long part = Math.min(staging.bytes(), to.byteSize() - done);
                range.slice(offset + done, part).copyTo(staging, 0, copies.stream());
                copies.stream().synchronize();
                MemorySegment.copy(staging.segment(), 0, to, done, part);
            }
        }
    }

    @Override
    public void write(long offset, MemorySegment from) {
        PinnedMemory staging = copies.staging();
        synchronized (staging) {
            for (long done = 0; done < from.byteSize(); done += staging.bytes()) {
                long part = Math.min(staging.bytes(), from.byteSize() - done);
                MemorySegment.copy(from, done, staging.segment(), 0, part);
                range.slice(offset + done, part).copyFrom(staging, 0, copies.stream());
                copies.stream().synchronize();
            }
        }
    }
}
