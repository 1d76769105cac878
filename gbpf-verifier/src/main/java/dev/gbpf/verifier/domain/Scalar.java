package dev.gbpf.verifier.domain;

import static dev.gbpf.verifier.domain.Bits.below;
import static dev.gbpf.verifier.domain.Bits.mask;
import static dev.gbpf.verifier.domain.Bits.signedMax;
import static dev.gbpf.verifier.domain.Bits.signedMin;

import org.jspecify.annotations.Nullable;

/**
 * A set of words together with what is known of their low halves: the word in 64 bits and its low 32 (or any other width and
 * its half). Half-width arithmetic and comparisons speak about the low half, and either part sharpens the other.
 *
 * @param wide the whole word
 * @param low its low half, as a word of half the width
 */
public record Scalar(Word wide, Word low) {
    /** Any 64-bit number. */
    public static final Scalar ANY = new Scalar(Word.top(64), Word.top(32));

    static Scalar any(int width) {
        return width == 64 ? ANY : new Scalar(Word.top(width), Word.top(width / 2));
    }

    /** The 64-bit number {@code value}. */
    public static Scalar constant(long value) {
        if (LEAST_CACHED <= value && value < LEAST_CACHED + CONSTANTS.length) {
            return CONSTANTS[(int) value - LEAST_CACHED];
        }
        int place = Long.hashCode(value * 0x9E37_79B9_7F4A_7C15L) & (RECENT.length - 1);
        Scalar recent = RECENT[place];
        if (recent == null || recent.wide.umin() != value) {
            recent = constant(64, value);
            RECENT[place] = recent;
        }
        return recent;
    }

    static Scalar constant(int width, long value) {
        return new Scalar(Word.constant(width, value), Word.constant(width / 2, value));
    }

    /** The 64-bit numbers from {@code min} to {@code max}, unsigned. */
    public static Scalar unsigned(long min, long max) {
        return ofWide(Word.unsigned(64, min, max));
    }

    /** The 64-bit numbers from {@code min} to {@code max}, signed. */
    public static Scalar signed(long min, long max) {
        return ofWide(Word.signed(64, min, max));
    }

    private static final Scalar[] OF_BITS = new Scalar[65];
    private static final int LEAST_CACHED = -8;
    private static final Scalar[] CONSTANTS = new Scalar[264];

    /** Constants that were asked for last. Threads share it without order: whatever one reads was made whole, and is checked. */
    private static final @Nullable Scalar[] RECENT = new Scalar[1024];

    static {
        for (int bits = 1; bits <= 64; bits++) {
            OF_BITS[bits] = unsigned(0, mask(bits));
        }
        for (int i = 0; i < CONSTANTS.length; i++) {
            CONSTANTS[i] = constant(64, LEAST_CACHED + i);
        }
    }

    /** Any unsigned number of {@code bits} bits, 1 to 64. */
    public static Scalar ofBits(int bits) {
        return OF_BITS[bits];
    }

    static Scalar ofWide(Word wide) {
        if (wide.isConstant()) {
            return constant(wide.width(), wide.umin());
        }
        return sound(wide, wide.truncate(wide.width() / 2));
    }

    /** The words whose high half is 0. */
    static Scalar ofLow(Word low) {
        if (low.isConstant()) {
            return constant(2 * low.width(), low.umin());
        }
        return sound(low.zeroExtendTo(2 * low.width()), low);
    }

    static Scalar sound(Word wide, Word low) {
        Scalar scalar = reduce(wide, low);
        if (scalar == null) {
            throw new IllegalStateException("empty scalar: wide=" + wide + " low=" + low);
        }
        return scalar;
    }

    /**
     * The words in {@code wide} whose low half is in {@code low}, or null when there is none: each part takes what the other
     * knows. Two rounds carry news from the one to the other and back; stopping early is sound, as each step only drops words
     * that one of the parts excludes.
     */
    static @Nullable Scalar reduce(Word wide, Word low) {
        if (wide.isConstant()) {
            return low.contains(wide.umin()) ? constant(wide.width(), wide.umin()) : null;
        }
        if (low.isTop() && wide.isTop()) {
            return any(wide.width());
        }
        if (!below(signedMax(low.width()), wide.umax())) {
            // Both parts speak of the same numbers, none of which has a 1 in the high half or at the top of the low
            // one.
            Word small = wide.truncate(low.width());
            Word both = low.meet(small);
            return both == null ? null : new Scalar(both.equals(small) ? wide : both.zeroExtendTo(wide.width()), both);
        }
        Word w = wide;
        Word l = low;
        for (int round = 0; round < 2; round++) {
            Word newLow = l.meet(w.truncate(l.width()));
            if (newLow == null) {
                return null;
            }
            Word newWide = withLow(w, newLow);
            if (newWide == null) {
                return null;
            }
            boolean stable = newLow.equals(l) && newWide.equals(w);
            l = newLow;
            w = newWide;
            if (stable) {
                break;
            }
        }
        return new Scalar(w, l);
    }

    /** {@link #reduce} of parts that may be those of this. */
    @SuppressWarnings("ReferenceEquality") // only to answer sooner
    @Nullable
    Scalar with(Word newWide, Word newLow) {
        return newWide == wide && newLow == low ? this : reduce(newWide, newLow);
    }

    /** The members of {@code wide} whose low half is in {@code low}. */
    private static @Nullable Word withLow(Word wide, Word low) {
        int width = wide.width();
        int half = low.width();
        long lowMask = mask(half);
        // Each end moves to the next word whose low half is in low's unsigned interval. Signed words have the same low
        // halves,
        // and x >> half is their high half, so one search serves both orders. Where the carry would leave the word,
        // none is left.
        long uminLow = wide.umin() & lowMask;
        long umaxLow = wide.umax() & lowMask;
        long sminLow = wide.smin() & lowMask;
        long smaxLow = wide.smax() & lowMask;
        boolean noneAbove = below(low.umax(), uminLow) && wide.umin() >>> half == mask(width) >>> half;
        boolean noneBelow = below(umaxLow, low.umin()) && wide.umax() >>> half == 0;
        boolean noneAboveSigned = below(low.umax(), sminLow) && wide.smin() >> half == signedMax(width) >> half;
        boolean noneBelowSigned = below(smaxLow, low.umin()) && wide.smax() >> half == signedMin(width) >> half;
        if (noneAbove || noneBelow || noneAboveSigned || noneBelowSigned) {
            return null;
        }
        Word result = wide.meet(
                low.ones(),
                low.unknown() | (mask(width) & ~lowMask),
                upTo(wide.umin(), uminLow, half, low),
                downTo(wide.umax(), umaxLow, half, low),
                upTo(wide.smin(), sminLow, half, low),
                downTo(wide.smax(), smaxLow, half, low));
        // A word that is a signed half-width number is the sign extension of its low half.
        if (result != null && signedMin(half) <= result.smin() && result.smax() <= signedMax(half)) {
            return result.meetSigned(low.smin(), low.smax());
        }
        return result;
    }

    /** The least word at or above {@code word} with its low half in {@code low}; signed or unsigned, it must exist. */
    private static long upTo(long word, long lowPart, int half, Word low) {
        if (below(lowPart, low.umin())) {
            return word - lowPart + low.umin();
        }
        return below(low.umax(), lowPart) ? word - lowPart + (1L << half) + low.umin() : word;
    }

    /** The greatest word at or below {@code word} with its low half in {@code low}; signed or unsigned, it must exist. */
    private static long downTo(long word, long lowPart, int half, Word low) {
        if (below(low.umax(), lowPart)) {
            return word - lowPart + low.umax();
        }
        return below(lowPart, low.umin()) ? word - lowPart - (1L << half) + low.umax() : word;
    }

    public int width() {
        return wide.width();
    }

    public boolean isConstant() {
        return wide.isConstant();
    }

    /** Whether 0 and nothing else is a member. */
    public boolean isZero() {
        return wide.isConstant() && wide.umin() == 0;
    }

    /** Whether the word is a member. */
    public boolean contains(long value) {
        return wide.contains(value) && low.contains(value);
    }

    /** Whether every member is an unsigned word of {@code bits} bits. */
    public boolean fitsBits(int bits) {
        return !below(mask(bits), wide.umax());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof Scalar s && wide.equals(s.wide) && low.equals(s.low));
    }

    @Override
    public int hashCode() {
        return 31 * wide.hashCode() + low.hashCode();
    }

    /** Whether every member of {@code other} is one of this. */
    @SuppressWarnings("ReferenceEquality") // only to answer sooner
    public boolean includes(Scalar other) {
        return this == other || (wide.includes(other.wide) && low.includes(other.low));
    }

    public Scalar join(Scalar other) {
        // Most joins meet values that did not change; the larger one is the least upper bound then.
        if (includes(other)) {
            return this;
        }
        if (other.includes(this)) {
            return other;
        }
        return sound(wide.join(other.wide), low.join(other.low));
    }

    public @Nullable Scalar meet(Scalar other) {
        if (other.includes(this)) {
            return this;
        }
        if (includes(other)) {
            return other;
        }
        Word newWide = wide.meet(other.wide);
        Word newLow = low.meet(other.low);
        return newWide == null || newLow == null ? null : reduce(newWide, newLow);
    }

    /** An upper bound of this and {@code next}: see {@link Word#widen}. */
    public Scalar widen(Scalar next, Thresholds thresholds) {
        return sound(wide.widen(next.wide, thresholds), low.widen(next.low, thresholds));
    }

    @Override
    public String toString() {
        boolean lowKnowsMore = !low.equals(wide.truncate(low.width()));
        return lowKnowsMore ? wide + " (low half " + low + ")" : wide.toString();
    }
}
