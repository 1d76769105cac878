package dev.gbpf.host.result;

import java.util.List;

/**
 * The fixed quantiles at which latency curves are kept: dense in the tail, where policies differ. A quantile is counted in
 * parts per 100,000, so that ranks are exact integers on every machine.
 */
public final class QuantileLadder {
    /** Parts that make the whole. */
    public static final int WHOLE = 100_000;

    /** The quantiles, ascending; the first is the minimum, the last the maximum. */
    public static final List<Integer> PARTS = List.of(
            0, 500, 1_000, 2_000, 3_000, 5_000, 7_500, 10_000, 15_000, 20_000, 25_000, 30_000, 35_000, 40_000, 45_000,
            50_000, 55_000, 60_000, 65_000, 70_000, 75_000, 80_000, 85_000, 87_500, 90_000, 92_000, 93_500, 95_000,
            96_000, 97_000, 98_000, 98_500, 99_000, 99_300, 99_500, 99_700, 99_800, 99_900, 99_930, 99_950, 99_970,
            99_980, 99_990, 99_995, 99_999, 100_000);

    private QuantileLadder() {}

    /** Rank, from 1, of a quantile among {@code count} ordered values: the nearest-rank definition. */
    static long rank(int parts, long count) {
        return Math.max(1, Math.ceilDiv(Math.multiplyExact(count, (long) parts), (long) WHOLE));
    }

    /** Index in {@link #PARTS} of a quantile that is known to be there. */
    static int indexOf(int parts) {
        int index = PARTS.indexOf(parts);
        if (index < 0) {
            throw new IllegalArgumentException("quantile parts=" + parts + " is not on the ladder");
        }
        return index;
    }
}
