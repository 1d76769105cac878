package dev.gbpf.verifier.analysis;

/** A map from non-zero longs to ints by open addressing: joins and inclusion tests make one each, so it has to be cheap. */
final class IdentityTable {
    private static final int FIRST_CAPACITY = 16;

    private long[] keys = {};
    private int[] values = {};
    private int size;

    int size() {
        return size;
    }

    /** The value of a key, which is {@code value} if it had none. */
    int putIfAbsent(long key, int value) {
        if (2 * size >= keys.length) {
            grow();
        }
        int at = find(key);
        if (keys[at] == 0) {
            keys[at] = key;
            values[at] = value;
            size++;
        }
        return values[at];
    }

    /** Where the key is, or the free place where it belongs. */
    private int find(long key) {
        int mask = keys.length - 1;
        int at = Long.hashCode(key * 0x9E37_79B9_7F4A_7C15L) & mask;
        while (keys[at] != 0 && keys[at] != key) {
            at = (at + 1) & mask;
        }
        return at;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldValues = values;
        keys = new long[Math.max(FIRST_CAPACITY, 2 * oldKeys.length)];
        values = new int[keys.length];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                int at = find(oldKeys[i]);
                keys[at] = oldKeys[i];
                values[at] = oldValues[i];
            }
        }
    }
}
