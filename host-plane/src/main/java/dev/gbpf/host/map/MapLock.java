package dev.gbpf.host.map;

import dev.gbpf.host.memory.NativeMemory;
import java.util.concurrent.locks.LockSupport;

/**
 * A lock of 4 bytes in native memory, 0 while nobody has it. It spins: what is done under it is a few loads and stores and a copy
 * of one entry, and neither allocates nor waits.
 */
final class MapLock {
    private static final int SPINS_BEFORE_PAUSE = 200;
    private static final long PAUSE_NS = 1_000;

    private final long address;

    MapLock(long address) {
        this.address = address;
    }

    void lock() {
        for (int spins = 1; NativeMemory.compareExchangeInt(address, 0, 1) != 0; spins++) {
            if (spins % SPINS_BEFORE_PAUSE == 0) {
                // Who has it may wait for this processor.
                LockSupport.parkNanos(PAUSE_NS);
            } else {
                Thread.onSpinWait();
            }
        }
    }

    void unlock() {
        NativeMemory.putIntRelease(address, 0);
    }
}
