package dev.gbpf.verifier.domain;

import java.util.Arrays;

/**
 * The values at which a widened bound may rest: constants of the program and their neighbours, and the ends of the ranges of
 * words. Immutable.
 */
public final class Thresholds {
    /** None: a bound that moves leaves nothing known. */
    public static final Thresholds NONE = new Thresholds(new int[0], new long[0][], new long[0][]);

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
    public static Thresholds of(long[] constants, int... widths) {
        long[][] unsigned = new long[widths.length][];
        long[][] signed = new long[widths.length][];
        for (int i = 0; i < widths.length; i++) {
            int width = widths[i];
            signed[i] = signed(constants, widths, width);
            unsigned[i] = unsigned(constants, widths, width);
        }
        return new Thresholds(widths.clone(), unsigned, signed);
    }

    private static long[] signed(long[] constants, int[] widths, int width) {
        long[] values = new long[1 + 3 * widths.length + 3 * constants.length];
        int count = 1; // the first is 0
        for (int narrower : widths) {
            if (narrower <= width) {
                values[count++] = Bits.signedMin(narrower);
                values[count++] = Bits.signedMax(narrower);
                values[count++] = Bits.signExtend(width, Bits.mask(narrower));
            }
        }
        for (long constant : constants) {
            for (int near = -1; near <= 1; near++) {
                values[count++] = Bits.signExtend(width, constant + near);
            }
        }
        Arrays.sort(values, 0, count);
        return Arrays.copyOf(values, count);
    }

    private static long[] unsigned(long[] constants, int[] widths, int width) {
        long[] values = new long[1 + 2 * widths.length + 3 * constants.length];
        int count = 1;
        for (int narrower : widths) {
            if (narrower <= width) {
                values[count++] = Bits.signedMax(narrower);
                values[count++] = Bits.mask(narrower);
            }
        }
        for (long constant : constants) {
            for (int near = -1; near <= 1; near++) {
                values[count++] = Bits.zeroExtend(width, constant + near);
            }
        }
        // With the sign bit turned over the unsigned order is the signed one.
        for (int i = 0; i < count; i++) {
            values[i] ^= Long.MIN_VALUE;
        }
        Arrays.sort(values, 0, count);
        for (int i = 0; i < count; i++) {
            values[i] ^= Long.MIN_VALUE;
        }
        return Arrays.copyOf(values, count);
    }

    boolean isEmpty() {
        return widths.length == 0;
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
