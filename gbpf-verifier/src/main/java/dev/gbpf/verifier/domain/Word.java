package dev.gbpf.verifier.domain;

import static dev.gbpf.verifier.domain.Bits.below;
import static dev.gbpf.verifier.domain.Bits.mask;
import static dev.gbpf.verifier.domain.Bits.maxUnsigned;
import static dev.gbpf.verifier.domain.Bits.minUnsigned;
import static dev.gbpf.verifier.domain.Bits.signBit;
import static dev.gbpf.verifier.domain.Bits.signExtend;
import static dev.gbpf.verifier.domain.Bits.signedMax;
import static dev.gbpf.verifier.domain.Bits.signedMin;
import static dev.gbpf.verifier.domain.Bits.zeroExtend;

import org.jspecify.annotations.Nullable;

/**
 * A set of words of one width: the reduced product of a tristate number, an unsigned interval and a signed interval.
 *
 * <p>Elements come out of {@link #reduce}, so the three parts always tell each other what they know.
 *
 * @param width in bits, 2 to 64
 * @param ones the tristate number, zero-extended: the bits known to be 1
 * @param unknown and those that are not known, disjoint from {@code ones}
 * @param umin least member, unsigned and zero-extended
 * @param umax greatest member, unsigned and zero-extended
 * @param smin least member, signed and sign-extended
 * @param smax greatest member, signed and sign-extended
 */
public record Word(int width, long ones, long unknown, long umin, long umax, long smin, long smax) {

    private static final Word TOP_64 = makeTop(64);
    private static final Word TOP_32 = makeTop(32);

    /** Every word. */
    static Word top(int width) {
        return switch (width) {
            case 64 -> TOP_64;
            case 32 -> TOP_32;
            default -> makeTop(width);
        };
    }

    private static Word makeTop(int width) {
        return new Word(width, 0, mask(width), 0, mask(width), signedMin(width), signedMax(width));
    }

    /** The word that {@code value}'s low bits are. */
    static Word constant(int width, long value) {
        long unsigned = zeroExtend(width, value);
        long signed = signExtend(width, value);
        return new Word(width, unsigned, 0, unsigned, unsigned, signed, signed);
    }

    /** The words from {@code min} to {@code max}, unsigned and zero-extended, {@code min <= max}. */
    static Word unsigned(int width, long min, long max) {
        return sound(width, 0, mask(width), min, max, signedMin(width), signedMax(width));
    }

    /** The words from {@code min} to {@code max}, signed and sign-extended, {@code min <= max}. */
    static Word signed(int width, long min, long max) {
        return sound(width, 0, mask(width), 0, mask(width), min, max);
    }

    static Word of(int width, Tnum bits) {
        return sound(width, bits, 0, mask(width), signedMin(width), signedMax(width));
    }

    /** {@link #reduce} for parts that a sound operator made from a nonempty set: they have a member in common. */
    static Word sound(int width, Tnum bits, long umin, long umax, long smin, long smax) {
        return sound(width, bits.value(), bits.mask(), umin, umax, smin, smax);
    }

    private static Word sound(int width, long ones, long unknown, long umin, long umax, long smin, long smax) {
        if (umin == umax) {
            return constant(width, umin);
        }
        Word word = reduce(width, ones, unknown, umin, umax, smin, smax);
        if (word == null) {
            throw new IllegalStateException("empty word: width=" + width + " bits=" + new Tnum(ones, unknown)
                    + " unsigned=" + Long.toUnsignedString(umin) + ".." + Long.toUnsignedString(umax) + " signed="
                    + smin + ".." + smax);
        }
        return word;
    }

    /**
     * The words that are in all three sets, or null when there is none.
     *
     * <p>The non-negative words (sign bit 0) and the negative ones are treated apart. Within either half the signed and the
     * unsigned order agree, so both intervals, read as unsigned, intersect exactly; and the ends move to the next members of
     * the tristate number, which is exact too. The halves' ends then give the ends of both intervals: unsigned, the
     * non-negative half comes first; signed, the negative one. Last, the common prefix of the unsigned ends is known bits. If
     * that is news for the tristate number, once more; bits only become known, so this ends.
     */
    static @Nullable Word reduce(int width, Tnum bits, long umin, long umax, long smin, long smax) {
        return reduce(width, bits.value(), bits.mask(), umin, umax, smin, smax);
    }

    private static @Nullable Word reduce(
            int width, long knownOnes, long notKnown, long umin, long umax, long smin, long smax) {
        long value = knownOnes;
        long unknown = notKnown;
        long ulo = umin;
        long uhi = umax;
        long slo = smin;
        long shi = smax;
        while (true) {
            if (below(uhi, ulo) || shi < slo) {
                return null;
            }
            // The ends of the members of either half; empty while from is above to.
            long positiveFrom = maxUnsigned(ulo, Math.max(slo, 0));
            long positiveTo = minUnsigned(uhi, shi);
            boolean positive = shi >= 0 && Tnum.meets(value, unknown, positiveFrom, positiveTo);
            if (positive) {
                positiveFrom = Tnum.ceiling(value, unknown, positiveFrom);
                positive = !below(positiveTo, positiveFrom);
            }
            long negativeFrom = maxUnsigned(maxUnsigned(ulo, signBit(width)), zeroExtend(width, slo));
            long negativeTo = minUnsigned(uhi, shi < 0 ? zeroExtend(width, shi) : mask(width));
            boolean negative = slo < 0 && Tnum.meets(value, unknown, negativeFrom, negativeTo);
            if (negative) {
                negativeFrom = Tnum.ceiling(value, unknown, negativeFrom);
                negative = !below(negativeTo, negativeFrom);
            }
            if (!positive && !negative) {
                return null;
            }
            positiveTo = positive ? Tnum.floor(value, unknown, positiveTo) : positiveTo;
            negativeTo = negative ? Tnum.floor(value, unknown, negativeTo) : negativeTo;
            ulo = positive ? positiveFrom : negativeFrom;
            uhi = negative ? negativeTo : positiveTo;
            slo = signExtend(width, negative ? negativeFrom : positiveFrom);
            shi = signExtend(width, positive ? positiveTo : negativeTo);
            // The common prefix of the ends is known.
            long differing = ulo ^ uhi;
            long open = differing == 0 ? 0 : -1L >>> Long.numberOfLeadingZeros(differing);
            if (((value ^ ulo) & ~unknown & ~open) != 0) {
                return null;
            }
            if ((unknown & ~open) == 0) {
                return new Word(width, value, unknown, ulo, uhi, slo, shi);
            }
            value |= ulo & unknown & ~open;
            unknown &= open;
        }
    }

    // The methods that records have compare part by part through method handles, which is slower.

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof Word w
                        && umin == w.umin
                        && umax == w.umax
                        && smin == w.smin
                        && smax == w.smax
                        && ones == w.ones
                        && unknown == w.unknown
                        && width == w.width);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(umin + 31 * umax + 961 * (ones ^ unknown)) + Long.hashCode(smin + 31 * smax) + width;
    }

    /** The tristate number. */
    public Tnum bits() {
        return new Tnum(ones, unknown);
    }

    /** Whether nothing is known of the words. */
    boolean isTop() {
        return umin == 0
                && umax == mask(width)
                && smin == signedMin(width)
                && smax == signedMax(width)
                && unknown == umax;
    }

    public boolean isConstant() {
        return umin == umax;
    }

    /** Whether the word is the low bits of {@code value}. */
    public boolean contains(long value) {
        long unsigned = zeroExtend(width, value);
        long signed = signExtend(width, value);
        return bits().contains(unsigned)
                && !below(unsigned, umin)
                && !below(umax, unsigned)
                && smin <= signed
                && signed <= smax;
    }

    /** Whether every member of {@code other} is one of this. */
    @SuppressWarnings("ReferenceEquality") // only to answer sooner
    boolean includes(Word other) {
        return this == other
                || (Tnum.includes(ones, unknown, other.ones, other.unknown)
                        && !below(other.umin, umin)
                        && !below(umax, other.umax)
                        && smin <= other.smin
                        && other.smax <= smax);
    }

    Word join(Word other) {
        return sound(
                width,
                bits().join(other.bits()),
                minUnsigned(umin, other.umin),
                maxUnsigned(umax, other.umax),
                Math.min(smin, other.smin),
                Math.max(smax, other.smax));
    }

    @Nullable
    Word meet(Word other) {
        if (other.includes(this)) {
            return this;
        }
        if (includes(other)) {
            return other;
        }
        return meet(other.ones, other.unknown, other.umin, other.umax, other.smin, other.smax);
    }

    // What is met may say nothing new; then there is nothing to reduce.

    /** The members that are in a tristate number, an unsigned interval and a signed one, too. */
    @Nullable
    Word meet(long otherOnes, long otherUnknown, long min, long max, long signedMin, long signedMax) {
        boolean known = !below(umin, min)
                && !below(max, umax)
                && signedMin <= smin
                && smax <= signedMax
                && Tnum.includes(otherOnes, otherUnknown, ones, unknown);
        if (known) {
            return this;
        }
        boolean differ = ((ones ^ otherOnes) & ~unknown & ~otherUnknown) != 0;
        return differ
                ? null
                : reduce(
                        width,
                        ones | otherOnes,
                        unknown & otherUnknown,
                        maxUnsigned(umin, min),
                        minUnsigned(umax, max),
                        Math.max(smin, signedMin),
                        Math.min(smax, signedMax));
    }

    @Nullable
    Word meetUnsigned(long from, long to) {
        return !below(umin, from) && !below(to, umax)
                ? this
                : reduce(width, ones, unknown, maxUnsigned(umin, from), minUnsigned(umax, to), smin, smax);
    }

    @Nullable
    Word meetSigned(long from, long to) {
        long lower = Math.max(smin, from);
        long upper = Math.min(smax, to);
        return lower == smin && upper == smax ? this : reduce(width, ones, unknown, umin, umax, lower, upper);
    }

    @Nullable
    Word meetBits(Tnum other) {
        if (other.includes(ones, unknown)) {
            return this;
        }
        Tnum both = bits().meet(other);
        return both == null ? null : reduce(width, both, umin, umax, smin, smax);
    }

    /** An upper bound of this and {@code next}: each end that {@code next} moves goes on to the next threshold. */
    Word widen(Word next, Thresholds thresholds) {
        if (includes(next)) {
            return this;
        }
        if (thresholds.isEmpty()) {
            return top(width);
        }
        return sound(
                width,
                bits().widen(next.bits(), mask(width)),
                below(next.umin, umin) ? thresholds.unsignedBelow(width, next.umin) : umin,
                below(umax, next.umax) ? thresholds.unsignedAbove(width, next.umax) : umax,
                next.smin < smin ? thresholds.signedBelow(width, next.smin) : smin,
                smax < next.smax ? thresholds.signedAbove(width, next.smax) : smax);
    }

    /** The low {@code to} bits of the members. */
    Word truncate(int to) {
        if (umin == umax) {
            return constant(to, umin);
        }
        long low = mask(to);
        if (isTop()) {
            return top(to);
        }
        if (!below(signedMax(to), umax)) {
            // The same numbers, in fewer bits.
            return new Word(to, ones, unknown, umin, umax, umin, umax);
        }
        // One block of 2^to words from a multiple of 2^to on: the low bits keep the order. Else all of them may occur.
        boolean sameBlock = ((umin ^ umax) & ~low) == 0;
        // Words that the narrower signed interval has too keep their signed reading.
        boolean sameSigned = signedMin(to) <= smin && smax <= signedMax(to);
        return sound(
                to,
                bits().truncate(low),
                sameBlock ? umin & low : 0,
                sameBlock ? umax & low : low,
                sameSigned ? smin : signedMin(to),
                sameSigned ? smax : signedMax(to));
    }

    Word zeroExtendTo(int to) {
        return to == width ? this : new Word(to, ones, unknown, umin, umax, umin, umax);
    }

    Word signExtendTo(int to) {
        if (to == width) {
            return this;
        }
        Tnum extended = bits().shiftLeft(to - width, mask(to)).shiftRightArithmetic(to, to - width);
        return sound(to, extended, 0, mask(to), smin, smax);
    }

    @Override
    public String toString() {
        if (isConstant()) {
            return Long.toString(smin);
        }
        StringBuilder text = new StringBuilder();
        boolean wholeUnsigned = umin == 0 && umax == mask(width);
        boolean wholeSigned = smin == signedMin(width) && smax == signedMax(width);
        if (wholeUnsigned && wholeSigned) {
            text.append("any u").append(width);
        } else if (smin >= 0 || wholeSigned) {
            text.append(Long.toUnsignedString(umin)).append("..").append(Long.toUnsignedString(umax));
        } else {
            text.append(smin).append("..").append(smax).append(" (signed)");
        }
        int zeros = Long.numberOfTrailingZeros(ones | unknown);
        Tnum range = Tnum.range(umin, umax);
        if (zeros > 0 && zeros < width && bits().equals(range.and(Tnum.constant(-1L << zeros)))) {
            text.append(", a multiple of ").append(Long.toUnsignedString(1L << zeros));
        } else if (!bits().equals(range)) {
            text.append(", bits ").append(Long.toHexString(ones));
            text.append(" unknown ").append(Long.toHexString(unknown));
        }
        return text.toString();
    }
}
