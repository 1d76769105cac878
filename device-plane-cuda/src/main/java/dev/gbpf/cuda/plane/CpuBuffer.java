package dev.gbpf.cuda.plane;

import java.lang.foreign.MemorySegment;

/**
 * Memory of the device on the CPU.
 *
 * @param memory that task functions use as it is
 */
record CpuBuffer(MemorySegment memory) implements DeviceBuffer {
    @Override
    public long address() {
        return memory.address();
    }

    @Override
    public long bytes() {
        return memory.byteSize();
    }

    @Override
    public void read(long offset, MemorySegment to) {
        to.copyFrom(memory.asSlice(offset, to.byteSize()));
    }

    @Override
    public void write(long offset, MemorySegment from) {
        memory.asSlice(offset, from.byteSize()).copyFrom(from);
    }
}
