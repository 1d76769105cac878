package dev.gbpf.lang.codegen;

import java.util.Arrays;

/** A growing set of non-negative numbers, with open addressing. */
final class LongSet {
    private static final long FREE = -1;
    private long[] table = new long[64];
    private int size;

    LongSet() {
        Arrays.fill(table, FREE);
    }

    /** Adds a number; whether it was new. */
    boolean add(long value) {
        if (size * 2 >= table.length) {
            grow();
        }
        int slot = slot(table, value);
        if (table[slot] == value) {
            return false;
        }
        table[slot] = value;
        size++;
        return true;
    }

    boolean contains(long value) {
        return table[slot(table, value)] == value;
    }

    private void grow() {
        long[] larger = new long[table.length * 2];
        Arrays.fill(larger, FREE);
        for (long value : table) {
            if (value != FREE) {
                larger[slot(larger, value)] = value;
            }
        }
        table = larger;
    }

    /** Where the value is, or else belongs; the table always has a free slot. */
    private static int slot(long[] table, long value) {
        int mask = table.length - 1;
        // Fibonacci hashing: the golden ratio spreads neighbouring numbers.
        int slot = (int) ((value * 0x9E37_79B9_7F4A_7C15L) >>> 40) & mask;
        while (table[slot] != FREE && table[slot] != value) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }
}
