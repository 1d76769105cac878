package dev.gbpf.cuda.plane;

import java.lang.foreign.MemorySegment;

/**
 * Host memory that the device sees.
 *
 * @param memory as both see it
 */
record HostBuffer(HostMemory memory) implements DeviceBuffer {
    @Override
    public long address() {
        return memory.deviceAddress();
    }

    @Override
    public long bytes() {
        return memory.segment().byteSize();
    }

    @Override
    public void read(long offset, MemorySegment to) {
        to.copyFrom(memory.segment().asSlice(offset, to.byteSize()));
    }

    @Override
    public void write(long offset, MemorySegment from) {
        memory.segment().asSlice(offset, from.byteSize()).copyFrom(from);
    }
}
