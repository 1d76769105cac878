package dev.gbpf.lang.sema;

/**
 * The least and the greatest value, as unsigned numbers, that an expression can have.
 *
 * @param min least, unsigned
 * @param max greatest, unsigned; not below {@code min}
 */
record ValueRange(long min, long max) {
    static final ValueRange ALL = new ValueRange(0, -1);
    static final ValueRange TRUTH = new ValueRange(0, 1);

    static ValueRange of(long value) {
        return new ValueRange(value, value);
    }

    boolean isConstant() {
        return min == max;
    }

    /** The values in both; this one when there are none, for what follows is then never reached. */
    ValueRange meet(ValueRange other) {
        long low = greater(min, other.min);
        long high = lesser(max, other.max);
        return Long.compareUnsigned(low, high) <= 0 ? new ValueRange(low, high) : this;
    }

    /** The values in either, and those between. */
    ValueRange join(ValueRange other) {
        return new ValueRange(lesser(min, other.min), greater(max, other.max));
    }

    static long lesser(long a, long b) {
        return Long.compareUnsigned(a, b) <= 0 ? a : b;
    }

    static long greater(long a, long b) {
        return Long.compareUnsigned(a, b) >= 0 ? a : b;
    }
}
