package dev.gbpf.host.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The memory of this process by plain address: little-endian, of any alignment, and unchecked. An address that is not mapped
 * ends the process, so only addresses that the verifier or a region check has vouched for may come here.
 *
 * <p>Atomic operations need an address that is a multiple of their width; another one throws
 * {@link IllegalArgumentException}.
 */
public final class NativeMemory {
    /*
     * One segment from address zero over everything. It is a constant of the global scope, so that the compiler folds its
     * base, its liveness check and its length: what remains of an access is the access and the test that the address is not
     * negative.
     */
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    /** A byte. */
    public static final ValueLayout.OfByte U8 = ValueLayout.JAVA_BYTE;
    /** Two bytes, little-endian, of any alignment. */
    public static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    /** Four bytes, little-endian, of any alignment. */
    public static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    /** Eight bytes, little-endian, of any alignment. */
    public static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Atomic access by width; the native order is the program's order on the machines that gBPF runs on. */
    private static final VarHandle ATOMIC32 = ValueLayout.JAVA_INT.varHandle();

    private static final VarHandle ATOMIC64 = ValueLayout.JAVA_LONG.varHandle();

    /** Up to this many bytes a loop is faster than the general copy. */
    private static final int SHORT_COPY = 64;

    static {
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            throw new IllegalStateException(
                    "gBPF needs a little-endian machine, this one is " + ByteOrder.nativeOrder());
        }
    }

    private NativeMemory() {}

    /** The segment of all memory, from address 0, for bulk operations. */
    public static MemorySegment all() {
        return ALL;
    }

    public static byte getByte(long address) {
        return ALL.get(U8, address);
    }

    public static short getShort(long address) {
        return ALL.get(U16, address);
    }

    public static int getInt(long address) {
        return ALL.get(U32, address);
    }

    public static long getLong(long address) {
        return ALL.get(U64, address);
    }

    public static void putByte(long address, byte value) {
        ALL.set(U8, address, value);
    }

    public static void putShort(long address, short value) {
        ALL.set(U16, address, value);
    }

    public static void putInt(long address, int value) {
        ALL.set(U32, address, value);
    }

    public static void putLong(long address, long value) {
        ALL.set(U64, address, value);
    }

    /** A load that no later load or store comes before. */
    public static int getIntAcquire(long address) {
        return (int) ATOMIC32.getAcquire(ALL, address);
    }

    /** A store that no earlier load or store comes after. */
    public static void putIntRelease(long address, int value) {
        ATOMIC32.setRelease(ALL, address, value);
    }

    /** A load that no later load or store comes before. */
    public static long getLongAcquire(long address) {
        return (long) ATOMIC64.getAcquire(ALL, address);
    }

    /** A store that no earlier load or store comes after. */
    public static void putLongRelease(long address, long value) {
        ATOMIC64.setRelease(ALL, address, value);
    }

    /** Copies {@code bytes} bytes. The ranges are the same or do not overlap. */
    public static void copy(long from, long to, int bytes) {
        if (bytes > SHORT_COPY) {
            MemorySegment.copy(ALL, from, ALL, to, bytes);
            return;
        }
        int at = 0;
        for (; at + 8 <= bytes; at += 8) {
            putLong(to + at, getLong(from + at));
        }
        for (; at < bytes; at++) {
            putByte(to + at, getByte(from + at));
        }
    }

    /** Sets {@code bytes} bytes to zero. */
    public static void clear(long address, long bytes) {
        if (bytes > SHORT_COPY) {
            ALL.asSlice(address, bytes).fill((byte) 0);
            return;
        }
        int at = 0;
        for (; at + 8 <= bytes; at += 8) {
            putLong(address + at, 0);
        }
        for (; at < bytes; at++) {
            putByte(address + at, (byte) 0);
        }
    }

    /** Atomic {@code *address += value}; gives what was there before. */
    public static int getAndAddInt(long address, int value) {
        return (int) ATOMIC32.getAndAdd(ALL, address, value);
    }

    public static int getAndOrInt(long address, int value) {
        return (int) ATOMIC32.getAndBitwiseOr(ALL, address, value);
    }

    public static int getAndAndInt(long address, int value) {
        return (int) ATOMIC32.getAndBitwiseAnd(ALL, address, value);
    }

    public static int getAndXorInt(long address, int value) {
        return (int) ATOMIC32.getAndBitwiseXor(ALL, address, value);
    }

    public static int exchangeInt(long address, int value) {
        return (int) ATOMIC32.getAndSet(ALL, address, value);
    }

    /** Stores {@code value} when {@code expected} is there; gives what was there before. */
    public static int compareExchangeInt(long address, int expected, int value) {
        return (int) ATOMIC32.compareAndExchange(ALL, address, expected, value);
    }

    /** Atomic {@code *address += value}; gives what was there before. */
    public static long getAndAddLong(long address, long value) {
        return (long) ATOMIC64.getAndAdd(ALL, address, value);
    }

    public static long getAndOrLong(long address, long value) {
        return (long) ATOMIC64.getAndBitwiseOr(ALL, address, value);
    }

    public static long getAndAndLong(long address, long value) {
        return (long) ATOMIC64.getAndBitwiseAnd(ALL, address, value);
    }

    public static long getAndXorLong(long address, long value) {
        return (long) ATOMIC64.getAndBitwiseXor(ALL, address, value);
    }

    public static long exchangeLong(long address, long value) {
        return (long) ATOMIC64.getAndSet(ALL, address, value);
    }

    /** Stores {@code value} when {@code expected} is there; gives what was there before. */
    public static long compareExchangeLong(long address, long expected, long value) {
        return (long) ATOMIC64.compareAndExchange(ALL, address, expected, value);
    }
}
