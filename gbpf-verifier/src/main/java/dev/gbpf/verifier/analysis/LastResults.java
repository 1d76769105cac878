package dev.gbpf.verifier.analysis;

import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.domain.Scalar;
import org.jspecify.annotations.Nullable;

/**
 * What instructions computed last, and from what: those of a loop are interpreted several times, mostly with the same operands.
 * Holds a bounded number of them; of two in one place it knows the last.
 */
final class LastResults {
    private static final int MAX_ENTRIES = 512;

    private final int mask;
    private final @Nullable Entry[] entries;

    /** One result: an object of its own, so that what belongs together lies together. */
    private record Entry(int index, Scalar left, Scalar right, Numeric result) {}

    /** None yet, for a program of {@code size} instructions. */
    LastResults(int size) {
        int count = Math.min(MAX_ENTRIES, Integer.highestOneBit(Math.max(1, size - 1)) * 2);
        mask = count - 1;
        entries = new Entry[count];
    }

    /** What the instruction at {@code index} makes of two operands, if it computed that last; else null. */
    @SuppressWarnings("ReferenceEquality") // equal objects that are not the same are computed again
    @Nullable
    Numeric of(int index, Scalar left, Scalar right) {
        Entry last = entries[index & mask];
        return last != null
                        && last.index == index
                        && last.left == left
                        && (last.right == right || isSameConstant(last.right, right))
                ? last.result
                : null;
    }

    /** Constants are made anew for each visit. */
    private static boolean isSameConstant(Scalar a, Scalar b) {
        return a.isConstant() && b.isConstant() && a.wide().umin() == b.wide().umin();
    }

    /** Keeps a result, and returns it. */
    Numeric keep(int index, Scalar left, Scalar right, Numeric result) {
        entries[index & mask] = new Entry(index, left, right, result);
        return result;
    }
}
