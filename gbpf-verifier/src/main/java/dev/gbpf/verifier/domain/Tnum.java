package dev.gbpf.verifier.domain;

import org.jspecify.annotations.Nullable;

/**
 * A tristate number: each bit is known to be 0, known to be 1, or unknown. It stands for the words {@code x} with
 * {@code (x & ~mask) == value}.
 *
 * <p>Sums and differences follow H. Vishwanathan, M. Shachnai, S. Narayana, S. Nagarakatte, "Sound, Precise, and Fast
 * Abstract Interpretation with Tristate Numbers", CGO 2022. A word of less than 64 bits is kept zero-extended: operators that
 * can carry out of it take the word's {@code mask} of ones and cut there.
 *
 * @param value the bits known to be 1
 * @param mask the unknown bits; disjoint from {@code value}
 */
public record Tnum(long value, long mask) {
    public Tnum {
        if ((value & mask) != 0) {
            throw new IllegalArgumentException(
                    "tnum value=" + Long.toHexString(value) + " overlaps mask=" + Long.toHexString(mask));
        }
    }

    static Tnum constant(long value) {
        return new Tnum(value, 0);
    }

    /** The least tnum that holds all words from {@code min} to {@code max} (unsigned, {@code min <= max}): their common prefix. */
    static Tnum range(long min, long max) {
        long differing = min ^ max;
        if (differing == 0) {
            return constant(min);
        }
        long top = Long.highestOneBit(differing);
        // All bits from the highest differing one down take both values, or we do not know better.
        long mask = top | (top - 1);
        return new Tnum(min & ~mask, mask);
    }

    public boolean isConstant() {
        return mask == 0;
    }

    public boolean contains(long word) {
        return (word & ~mask) == value;
    }

    /** Whether every member of {@code other} is a member of this. */
    boolean includes(Tnum other) {
        return includes(other.value, other.mask);
    }

    /** The same for the parts of another. */
    boolean includes(long otherValue, long otherMask) {
        return includes(value, mask, otherValue, otherMask);
    }

    /** Whether every member of a tristate number, given by its parts, is one of another, {@code value} and {@code mask}. */
    static boolean includes(long value, long mask, long otherValue, long otherMask) {
        return (otherMask & ~mask) == 0 && (otherValue & ~mask) == value;
    }

    /** The least member, unsigned. */
    long min() {
        return value;
    }

    /** The greatest member, unsigned. */
    long max() {
        return value | mask;
    }

    /**
     * The least member of a tristate number that is at least {@code bound}, unsigned; there must be one ({@code bound <= max()}).
     *
     * <p>Let {@code top} be the highest known bit where {@code bound} disagrees. Above it {@code bound} already agrees. If the
     * member has 1 there, it is above {@code bound} whatever comes below, so take the least rest. If it has 0 there, a higher
     * bit must rise: the lowest unknown one above {@code top} that is 0 in {@code bound}; then again the least rest.
     */
    static long ceiling(long value, long mask, long bound) {
        long disagreement = (bound ^ value) & ~mask;
        if (disagreement == 0) {
            return bound;
        }
        long top = Long.highestOneBit(disagreement);
        long fromTop = top | (top - 1);
        if ((value & top) != 0) {
            return (bound & ~fromTop) | (value & fromTop);
        }
        long raise = Long.lowestOneBit(mask & ~bound & ~fromTop);
        if (raise == 0) {
            throw new IllegalArgumentException(
                    "no member of " + new Tnum(value, mask) + " is at least " + Long.toUnsignedString(bound));
        }
        long fromRaise = raise | (raise - 1);
        return (bound & ~fromRaise) | raise | (value & (raise - 1));
    }

    /** The greatest member that is at most {@code bound}, unsigned; there must be one ({@code bound >= min()}). */
    static long floor(long value, long mask, long bound) {
        // Complement turns the order around: x is a member of this iff ~x is one of the complement.
        return ~ceiling(~(value | mask), mask, ~bound);
    }

    /** Whether there may be a member from {@code from} to {@code to}, unsigned: neither lies outside of all members. */
    static boolean meets(long value, long mask, long from, long to) {
        return !Bits.below(to, from) && !Bits.below(value | mask, from) && !Bits.below(to, value);
    }

    /** The members of both, or null when there is none. */
    @Nullable
    Tnum meet(Tnum other) {
        if (((value ^ other.value) & ~mask & ~other.mask) != 0) {
            return null;
        }
        long both = mask & other.mask;
        return new Tnum((value | other.value) & ~both, both);
    }

    /** The least tnum that holds the members of both. */
    Tnum join(Tnum other) {
        long unknown = mask | other.mask | (value ^ other.value);
        return new Tnum(value & ~unknown, unknown);
    }

    /**
     * An upper bound of this and {@code next} that a chain of widenings leaves only finitely often: from the lowest bit that
     * {@code next} makes unknown, all bits of the word become unknown.
     */
    Tnum widen(Tnum next, long wordMask) {
        long unknown = join(next).mask;
        long fresh = unknown & ~mask;
        if (fresh == 0) {
            return this;
        }
        unknown |= -Long.lowestOneBit(fresh) & wordMask;
        return new Tnum(value & ~unknown, unknown);
    }

    Tnum and(Tnum other) {
        long ones = value & other.value;
        return new Tnum(ones, (value | mask) & (other.value | other.mask) & ~ones);
    }

    Tnum or(Tnum other) {
        long ones = value | other.value;
        return new Tnum(ones, (mask | other.mask) & ~ones);
    }

    Tnum xor(Tnum other) {
        long unknown = mask | other.mask;
        return new Tnum((value ^ other.value) & ~unknown, unknown);
    }

    Tnum add(Tnum other, long wordMask) {
        long sumOfValues = value + other.value;
        // The sum with all unknown bits 1 has the most carries, that with all 0 the fewest: where they differ a carry
        // is unknown.
        long carries = (sumOfValues + mask + other.mask) ^ sumOfValues;
        long unknown = (carries | mask | other.mask) & wordMask;
        return new Tnum(sumOfValues & wordMask & ~unknown, unknown);
    }

    Tnum subtract(Tnum other, long wordMask) {
        long difference = value - other.value;
        // Likewise for borrows: most with the minuend's unknowns 0 and the subtrahend's 1.
        long borrows = (difference + mask) ^ (difference - other.mask);
        long unknown = (borrows | mask | other.mask) & wordMask;
        return new Tnum(difference & wordMask & ~unknown, unknown);
    }

    /**
     * Long multiplication: the product is the sum over the bits i of this of {@code bit(i) * (other << i)}. A known 0 adds
     * nothing, a known 1 adds {@code other << i}, an unknown bit adds either 0 or that, which the tnum with all its possible
     * ones unknown holds.
     */
    Tnum multiply(Tnum other, long wordMask) {
        if (mask == wordMask || other.mask == wordMask) {
            // Terms of all places from the lowest possible bit of the other factor on, none of which is known.
            long possible = mask == wordMask ? other.max() : max();
            return new Tnum(0, possible == 0 ? 0 : -Long.lowestOneBit(possible) & wordMask);
        }
        // Sums as in add, on plain numbers.
        long ones = 0;
        long unknown = 0;
        long remaining = max();
        while (remaining != 0) {
            int i = Long.numberOfTrailingZeros(remaining);
            boolean known = ((value >>> i) & 1) != 0;
            long termOnes = known ? (other.value << i) & wordMask : 0;
            long termUnknown = ((known ? other.mask : other.max()) << i) & wordMask;
            long sum = ones + termOnes;
            long carries = (sum + unknown + termUnknown) ^ sum;
            unknown = (carries | unknown | termUnknown) & wordMask;
            ones = sum & wordMask & ~unknown;
            remaining &= remaining - 1;
        }
        return new Tnum(ones, unknown);
    }

    Tnum shiftLeft(int amount, long wordMask) {
        return new Tnum((value << amount) & wordMask, (mask << amount) & wordMask);
    }

    /** Logical shift right of a zero-extended word. */
    Tnum shiftRight(int amount) {
        return new Tnum(value >>> amount, mask >>> amount);
    }

    /** Arithmetic shift right: an unknown sign is copied as unknown bits, a known one as known. */
    Tnum shiftRightArithmetic(int width, int amount) {
        long word = Bits.mask(width);
        return new Tnum(
                (Bits.signExtend(width, value) >> amount) & word, (Bits.signExtend(width, mask) >> amount) & word);
    }

    /** The low bits that {@code wordMask} selects. */
    Tnum truncate(long wordMask) {
        return new Tnum(value & wordMask, mask & wordMask);
    }

    /** The word's bytes in the other order. */
    Tnum reverseBytes(int width) {
        return new Tnum(Long.reverseBytes(value) >>> (64 - width), Long.reverseBytes(mask) >>> (64 - width));
    }
}
