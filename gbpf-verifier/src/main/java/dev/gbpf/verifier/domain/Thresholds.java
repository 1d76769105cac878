package dev.gbpf.verifier.domain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * The values at which a widened bound may rest: constants of the program and their neighbours, and the ends of the ranges of
 * words. Immutable.
 */
public final class Thresholds {
    private final int[] widths;
    /** For each width, ascending in the unsigned order. */
    private final long[][] unsigned;
    /** For each width, ascending in the signed order. */
    private final long[][] signed;

    private Thresholds(int[] widths, long[][] unsigned, long[][] signed) {
        this.widths = widths;
        this.unsigned = unsigned;
        this.signed = signed;
    }

    /** Thresholds for words of these widths, at {@code constants} and one above and below each. */
    public static Thresholds of(Collection<Long> constants, int... widths) {
        long[][] unsigned = new long[widths.length][];
        long[][] signed = new long[widths.length][];
        for (int i = 0; i < widths.length; i++) {
            int width = widths[i];
            List<Long> values = new ArrayList<>();
            for (int narrower : widths) {
                if (narrower <= width) {
                    values.addAll(List.of(
                            0L,
                            Bits.mask(narrower),
                            Bits.signedMax(narrower),
                            Bits.signBit(narrower),
                            Bits.signedMin(narrower)));
                }
            }
            for (long constant : constants) {
                values.addAll(List.of(constant - 1, constant, constant + 1));
            }
            signed[i] = values.stream()
                    .mapToLong(v -> Bits.signExtend(width, v))
                    .sorted()
                    .distinct()
                    .toArray();
            unsigned[i] = values.stream()
                    .map(v -> Bits.zeroExtend(width, v))
                    .sorted(Long::compareUnsigned)
                    .distinct()
                    .mapToLong(v -> v)
                    .toArray();
        }
        return new Thresholds(widths.clone(), unsigned, signed);
    }

    /** The least threshold at or above {@code value}, unsigned; there is one, the greatest word. */
    long unsignedAbove(int width, long value) {
        long[] sorted = unsigned[index(width)];
        int low = 0;
        int high = sorted.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Bits.below(sorted[middle], value)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return sorted[low];
    }

    /** The greatest threshold at or below {@code value}, unsigned; there is one, 0. */
    long unsignedBelow(int width, long value) {
        long[] sorted = unsigned[index(width)];
        int low = 0;
        int high = sorted.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (Bits.below(value, sorted[middle])) {
                high = middle - 1;
            } else {
                low = middle;
            }
        }
        return sorted[low];
    }

    /** The least threshold at or above {@code value}, signed; there is one, the greatest word. */
    long signedAbove(int width, long value) {
        long[] sorted = signed[index(width)];
        int found = Arrays.binarySearch(sorted, value);
        return sorted[found >= 0 ? found : -found - 1];
    }

    /** The greatest threshold at or below {@code value}, signed; there is one, the least word. */
    long signedBelow(int width, long value) {
        long[] sorted = signed[index(width)];
        int found = Arrays.binarySearch(sorted, value);
        return sorted[found >= 0 ? found : -found - 2];
    }

    private int index(int width) {
        for (int i = 0; i < widths.length; i++) {
            if (widths[i] == width) {
                return i;
            }
        }
        throw new IllegalArgumentException("no thresholds for words of width=" + width);
    }
}
