package dev.gbpf.cuda.plane;

import dev.gbpf.cuda.table.DeviceRegion;
import java.lang.foreign.MemorySegment;

/** The memory of a runtime's policies. */
record RuntimeRegion(DeviceBuffer buffer) implements DeviceRegion {
    @Override
    public long address() {
        return buffer.address();
    }

    @Override
    public long bytes() {
        return buffer.bytes();
    }

    @Override
    public void write(long address, MemorySegment from) {
        buffer.write(address - buffer.address(), from);
    }

    @Override
    public void read(long address, MemorySegment to) {
        buffer.read(address - buffer.address(), to);
    }
}
