package dev.gbpf.host.map;

import dev.gbpf.host.memory.NativeMemory;
import java.lang.foreign.MemorySegment;

/** Hashing and comparing of keys in native memory. */
final class KeyHash {
    /*
     * Eight bytes at a time, each folded with a 64 x 64 -> 128 bit multiplication, as wyhash does; the constants are random
     * odd numbers. It is seeded by a constant: dumps and replays must not depend on the process. A table takes its bucket
     * from the top bits and its tag from the low ones.
     */
    private static final long SEED = 0x8BB8_4B93_962E_ACC9L;
    private static final long FACTOR = 0x2D35_8DCC_AA6C_78A5L;

    private KeyHash() {}

    /** The hash of a key at an address. */
    static long of(long key, int bytes) {
        return switch (bytes) {
            case 8 -> mix(SEED, NativeMemory.getLong(key));
            case 4 -> mix(SEED, NativeMemory.getInt(key) & 0xFFFF_FFFFL);
            default -> ofAny(key, bytes);
        };
    }

    private static long mix(long state, long word) {
        long a = state ^ word;
        long folded = a * FACTOR ^ Math.unsignedMultiplyHigh(a, FACTOR);
        return folded * SEED ^ folded >>> 32;
    }

    private static long ofAny(long key, int bytes) {
        long state = SEED ^ bytes;
        int at = 0;
        for (; at + 8 <= bytes; at += 8) {
            state = mix(state, NativeMemory.getLong(key + at));
        }
        long rest = 0;
        for (int shift = 0; at < bytes; at++, shift += 8) {
            rest |= (NativeMemory.getByte(key + at) & 0xFFL) << shift;
        }
        return mix(state, rest);
    }

    /**
     * Whether two keys are the same.
     *
     * @param all the memory that {@code entryKey} counts in
     * @param key an address
     */
    static boolean same(MemorySegment all, long entryKey, long key, int bytes) {
        return switch (bytes) {
            case 8 -> all.get(NativeMemory.U64, entryKey) == NativeMemory.getLong(key);
            case 4 -> all.get(NativeMemory.U32, entryKey) == NativeMemory.getInt(key);
            default ->
                MemorySegment.mismatch(all, entryKey, entryKey + bytes, NativeMemory.all(), key, key + bytes) < 0;
        };
    }
}
