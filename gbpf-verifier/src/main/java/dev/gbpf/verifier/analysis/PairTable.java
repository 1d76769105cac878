package dev.gbpf.verifier.analysis;

/**
 * A map from pairs of longs, the first not 0, to longs. Joins and inclusion tests make one each and mostly put in a few, so it
 * starts as a list, and becomes a hash table with open addressing when it grows.
 */
final class PairTable {
    private static final int LIST_LIMIT = 8;
    /** Longs per entry: the pair and its value. */
    private static final int STRIDE = 3;

    private static final long[] NONE = {};

    private long[] entries = NONE;
    private int size;

    int size() {
        return size;
    }

    /** Empties the table. Space for a few entries stays, so that the next join or test finds it. */
    void clear() {
        if (size >= LIST_LIMIT) {
            entries = NONE;
        }
        size = 0;
    }

    /** The value of a pair, which is {@code value} if it had none. */
    long putIfAbsent(long first, long second, long value) {
        if (size < LIST_LIMIT) {
            return inList(first, second, value);
        }
        if (STRIDE * 2 * size >= entries.length) {
            rehash();
        }
        int at = find(first, second);
        if (entries[at] == 0) {
            put(at, first, second, value);
            size++;
        }
        return entries[at + 2];
    }

    private long inList(long first, long second, long value) {
        int end = STRIDE * size;
        for (int at = 0; at < end; at += STRIDE) {
            if (entries[at] == first && entries[at + 1] == second) {
                return entries[at + 2];
            }
        }
        if (entries.length == 0) {
            entries = new long[STRIDE * LIST_LIMIT];
        }
        put(end, first, second, value);
        size++;
        return value;
    }

    private void put(int at, long first, long second, long value) {
        entries[at] = first;
        entries[at + 1] = second;
        entries[at + 2] = value;
    }

    /** Where the pair is, or the free place where it belongs. */
    private int find(long first, long second) {
        int mask = entries.length / STRIDE - 1;
        int at = Long.hashCode((first * 31 + second) * 0x9E37_79B9_7F4A_7C15L) & mask;
        while (entries[STRIDE * at] != 0 && (entries[STRIDE * at] != first || entries[STRIDE * at + 1] != second)) {
            at = (at + 1) & mask;
        }
        return STRIDE * at;
    }

    private void rehash() {
        long[] old = entries;
        int capacity = Integer.highestOneBit(Math.max(size, LIST_LIMIT)) * 4;
        entries = new long[STRIDE * capacity];
        for (int at = 0; at < old.length; at += STRIDE) {
            if (old[at] != 0) {
                put(find(old[at], old[at + 1]), old[at], old[at + 1], old[at + 2]);
            }
        }
    }
}
