package dev.gbpf.cuda.table;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/** Device memory that is any memory. */
final class TestRegion implements DeviceRegion {
    private static final int ALIGNMENT = 256;

    private final MemorySegment memory;
    private boolean isLost;

    /**
     * A region.
     *
     * @param arena how long it lasts
     */
    TestRegion(long bytes, Arena arena) {
        this.memory = arena.allocate(bytes, ALIGNMENT);
    }

    @Override
    public long address() {
        return memory.address();
    }

    @Override
    public long bytes() {
        return memory.byteSize();
    }

    @Override
    public void write(long address, MemorySegment from) {
        memory.asSlice(address - memory.address(), from.byteSize()).copyFrom(from);
        VarHandle.releaseFence();
    }

    /** From here on nothing can be read, as on a device that failed. */
    void lose() {
        isLost = true;
    }

    @Override
    public void read(long address, MemorySegment to) {
        if (isLost) {
            throw new IllegalStateException("the device is lost");
        }
        VarHandle.acquireFence();
        to.copyFrom(memory.asSlice(address - memory.address(), to.byteSize()));
    }
}
