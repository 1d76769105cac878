package dev.gbpf.verifier.analysis;

import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.domain.Scalar;
import org.jspecify.annotations.Nullable;

/**
 * What instructions computed last, and from what: those of a loop are interpreted several times, mostly with the same operands.
 * Holds a bounded number of them; of two in one place it knows the last.
 */
final class LastResults {
    private static final int MAX_ENTRIES = 2048;

    private final int mask;
    private final int[] indexes;
    private final @Nullable Scalar[] lefts;
    private final @Nullable Scalar[] rights;
    private final @Nullable Numeric[] results;

    /** None yet, for a program of {@code size} instructions. */
    LastResults(int size) {
        int entries = Math.min(MAX_ENTRIES, Integer.highestOneBit(Math.max(1, size - 1)) * 2);
        mask = entries - 1;
        indexes = new int[entries];
        lefts = new Scalar[entries];
        rights = new Scalar[entries];
        results = new Numeric[entries];
    }

    /** What the instruction at {@code index} makes of two operands, if it computed that last; else null. */
    @SuppressWarnings("ReferenceEquality") // equal objects that are not the same are computed again
    @Nullable
    Numeric of(int index, Scalar left, Scalar right) {
        int at = index & mask;
        Scalar lastRight = rights[at];
        boolean same = indexes[at] == index
                && lefts[at] == left
                && lastRight != null
                && (lastRight == right || isSameConstant(lastRight, right));
        return same ? results[at] : null;
    }

    /** Constants are made anew for each visit. */
    private static boolean isSameConstant(Scalar a, Scalar b) {
        return a.isConstant() && b.isConstant() && a.wide().umin() == b.wide().umin();
    }

    /** Keeps a result, and returns it. */
    Numeric keep(int index, Scalar left, Scalar right, Numeric result) {
        int at = index & mask;
        indexes[at] = index;
        lefts[at] = left;
        rights[at] = right;
        results[at] = result;
        return result;
    }
}
