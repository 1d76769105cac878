package dev.gbpf.verifier.domain;

import static dev.gbpf.verifier.domain.Bits.below;
import static dev.gbpf.verifier.domain.Bits.mask;
import static dev.gbpf.verifier.domain.Bits.signExtend;
import static dev.gbpf.verifier.domain.Bits.signedMax;
import static dev.gbpf.verifier.domain.Bits.signedMin;
import static dev.gbpf.verifier.domain.Bits.zeroExtend;

import java.util.Arrays;

/**
 * The values at which a widened bound may rest: constants of the program and their neighbours, and the ends of the ranges of
 * words. Immutable. They are searched from one end to the other: most are asked a few times, and have few constants.
 */
public final class Thresholds {
    /** None: a bound that moves leaves nothing known. */
    public static final Thresholds NONE = new Thresholds(new long[0]);

    private final long[] constants;
    private final int[] widths;

    private Thresholds(long[] constants, int... widths) {
        this.constants = constants;
        this.widths = widths;
    }

    /** Thresholds for words of these widths, at {@code constants} and one above and below each. */
    public static Thresholds of(long[] constants, int... widths) {
        return new Thresholds(constants.clone(), widths.clone());
    }

    /** These with more constants. */
    public Thresholds with(long[] more) {
        long[] all = Arrays.copyOf(constants, constants.length + more.length);
        System.arraycopy(more, 0, all, constants.length, more.length);
        return new Thresholds(all, widths);
    }

    boolean isEmpty() {
        return widths.length == 0;
    }

    /** The least threshold at or above {@code value}, unsigned; there is one, the greatest word. */
    long unsignedAbove(int width, long value) {
        check(width);
        long best = mask(width);
        for (int narrower : widths) {
            if (narrower <= width) {
                best = leastAbove(best, signedMax(narrower), value);
                best = leastAbove(best, mask(narrower), value);
            }
        }
        best = leastAbove(best, 0, value);
        for (long constant : constants) {
            for (int near = -1; near <= 1; near++) {
                best = leastAbove(best, zeroExtend(width, constant + near), value);
            }
        }
        return best;
    }

    private static long leastAbove(long best, long threshold, long value) {
        return !below(threshold, value) && below(threshold, best) ? threshold : best;
    }

    /** The greatest threshold at or below {@code value}, unsigned; there is one, 0. */
    long unsignedBelow(int width, long value) {
        check(width);
        long best = 0;
        for (int narrower : widths) {
            if (narrower <= width) {
                best = greatestBelow(best, signedMax(narrower), value);
                best = greatestBelow(best, mask(narrower), value);
            }
        }
        for (long constant : constants) {
            for (int near = -1; near <= 1; near++) {
                best = greatestBelow(best, zeroExtend(width, constant + near), value);
            }
        }
        return best;
    }

    private static long greatestBelow(long best, long threshold, long value) {
        return !below(value, threshold) && below(best, threshold) ? threshold : best;
    }

    /** The least threshold at or above {@code value}, signed; there is one, the greatest word. */
    long signedAbove(int width, long value) {
        // -1 - x turns the order around, and thresholds into thresholds of the constants' complements.
        return ~signedBelow(width, ~value, -1);
    }

    /** The greatest threshold at or below {@code value}, signed; there is one, the least word. */
    long signedBelow(int width, long value) {
        return signedBelow(width, value, 0);
    }

    /** The greatest threshold, of those with the bits of {@code turned} turned over, at or below {@code value}, signed. */
    private long signedBelow(int width, long value, long turned) {
        check(width);
        long best = signedMin(width);
        for (int narrower : widths) {
            if (narrower <= width) {
                best = greatestSignedBelow(best, signedMin(narrower) ^ turned, value);
                best = greatestSignedBelow(best, signedMax(narrower) ^ turned, value);
                best = greatestSignedBelow(best, signExtend(width, mask(narrower)) ^ turned, value);
            }
        }
        best = greatestSignedBelow(best, turned, value);
        for (long constant : constants) {
            for (int near = -1; near <= 1; near++) {
                best = greatestSignedBelow(best, signExtend(width, constant + near) ^ turned, value);
            }
        }
        return best;
    }

    private static long greatestSignedBelow(long best, long threshold, long value) {
        return best < threshold && threshold <= value ? threshold : best;
    }

    private void check(int width) {
        for (int known : widths) {
            if (known == width) {
                return;
            }
        }
        throw new IllegalArgumentException("no thresholds for words of width=" + width);
    }
}
