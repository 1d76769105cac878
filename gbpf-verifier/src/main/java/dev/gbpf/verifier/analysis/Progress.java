package dev.gbpf.verifier.analysis;

import org.jspecify.annotations.Nullable;

/**
 * How a place's contents relate to what another place, the root, held when the current iteration began: it is the root's value
 * plus a number from {@code min} to {@code max}, modulo 2^64 when {@code wide}, else only in the low 32 bits and modulo 2^32.
 *
 * @param root number of the place
 * @param min least increment
 * @param max greatest increment
 * @param wide whether all 64 bits follow the relation
 */
record Progress(int root, long min, long max, boolean wide) {
    private static final long NARROW_LIMIT = 1L << 31;
    private static final long LIMIT = 1L << 62;

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof Progress p && root == p.root && min == p.min && max == p.max && wide == p.wide);
    }

    @Override
    public int hashCode() {
        return 31 * root + Long.hashCode(min + 31 * max);
    }

    static Progress unchanged(int root, boolean wide) {
        return new Progress(root, 0, 0, wide);
    }

    /** Whether the place moves away from the root's value, always in the same direction. */
    boolean advances() {
        return min >= 1 || max <= -1;
    }

    /** The relation after an addition of a number from {@code least} to {@code greatest}; null when it gets out of hand. */
    @Nullable
    Progress plus(long least, long greatest, boolean is64) {
        if (least < -LIMIT || greatest > LIMIT) {
            return null;
        }
        Progress sum = new Progress(root, min + least, max + greatest, wide && is64);
        long limit = sum.wide ? LIMIT : NARROW_LIMIT;
        return sum.min < -limit || sum.max > limit ? null : sum;
    }

    /** What remains of the relation for the low 32 bits alone. */
    @Nullable
    Progress narrow() {
        return min < -NARROW_LIMIT || max > NARROW_LIMIT ? null : new Progress(root, min, max, false);
    }

    /** What holds when either holds. */
    static @Nullable Progress join(@Nullable Progress a, @Nullable Progress b) {
        if (a == null || b == null || a.root != b.root) {
            return null;
        }
        if (a.equals(b)) {
            return a;
        }
        Progress hull = new Progress(a.root, Math.min(a.min, b.min), Math.max(a.max, b.max), a.wide && b.wide);
        return hull.wide ? hull : hull.narrow();
    }
}
