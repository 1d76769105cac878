package dev.gbpf.verifier.analysis;

import dev.gbpf.verifier.domain.Scalar;
import dev.gbpf.verifier.domain.Word;

/** The members of a {@link Scalar}, as plain fields: membership is tried before every step of every run. */
final class FlatNumber {
    private final boolean any;
    private final boolean lowAny;
    private final long known;
    private final long ones;
    private final long umin;
    private final long umax;
    private final long smin;
    private final long smax;
    private final int lowKnown;
    private final int lowOnes;
    private final int lowUmin;
    private final int lowUmax;
    private final int lowSmin;
    private final int lowSmax;

    /** The members of a 64-bit number. */
    FlatNumber(Scalar scalar) {
        Word wide = scalar.wide();
        Word low = scalar.low();
        this.any = scalar.equals(Scalar.ANY);
        this.lowAny = low.equals(Scalar.ANY.low());
        this.known = ~wide.unknown();
        this.ones = wide.ones();
        this.umin = wide.umin();
        this.umax = wide.umax();
        this.smin = wide.smin();
        this.smax = wide.smax();
        this.lowKnown = (int) ~low.unknown();
        this.lowOnes = (int) low.ones();
        this.lowUmin = (int) low.umin();
        this.lowUmax = (int) low.umax();
        this.lowSmin = (int) low.smin();
        this.lowSmax = (int) low.smax();
    }

    boolean contains(long value) {
        return any
                || (umin + Long.MIN_VALUE <= value + Long.MIN_VALUE
                        && value + Long.MIN_VALUE <= umax + Long.MIN_VALUE
                        && smin <= value
                        && value <= smax
                        && (value & known) == ones
                        && (lowAny || lowContains((int) value)));
    }

    private boolean lowContains(int value) {
        return lowUmin + Integer.MIN_VALUE <= value + Integer.MIN_VALUE
                && value + Integer.MIN_VALUE <= lowUmax + Integer.MIN_VALUE
                && lowSmin <= value
                && value <= lowSmax
                && (value & lowKnown) == lowOnes;
    }
}
