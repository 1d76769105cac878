package dev.gbpf.cuda.plane;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/** Words that host and device share, with the order in which they are seen, and how threads wait for one to change. */
final class Words {
    private static final VarHandle LONG = JAVA_LONG.varHandle();
    private static final VarHandle INT = JAVA_INT.varHandle();

    private static final int SPINS = 5_000;
    private static final int YIELDS = 50;
    private static final long NAP_NS = 20_000;

    private Words() {}

    static long acquireLong(MemorySegment memory, long offset) {
        return (long) LONG.getAcquire(memory, offset);
    }

    static int acquireInt(MemorySegment memory, long offset) {
        return (int) INT.getAcquire(memory, offset);
    }

    static void releaseLong(MemorySegment memory, long offset, long value) {
        LONG.setRelease(memory, offset, value);
    }

    static void releaseInt(MemorySegment memory, long offset, int value) {
        INT.setRelease(memory, offset, value);
    }

    /** A store that is whole, in no order with others. */
    static void opaqueLong(MemorySegment memory, long offset, long value) {
        LONG.setOpaque(memory, offset, value);
    }

    static void opaqueInt(MemorySegment memory, long offset, int value) {
        INT.setOpaque(memory, offset, value);
    }

    /**
     * Pauses a thread that waits for the device.
     *
     * @param spins whether the device answers within microseconds
     * @param turn how often it has waited for this already
     */
    @SuppressWarnings("ThreadPriorityCheck") // the device's threads may wait for this processor; a nap is far longer
    static void pause(boolean spins, int turn) {
        if (spins && turn < SPINS) {
            Thread.onSpinWait();
        } else if (turn < (spins ? SPINS : 0) + YIELDS) {
            Thread.yield();
        } else {
            LockSupport.parkNanos(NAP_NS);
        }
    }
}
