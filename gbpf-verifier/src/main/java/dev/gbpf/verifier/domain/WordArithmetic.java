package dev.gbpf.verifier.domain;

import static dev.gbpf.verifier.domain.Bits.below;
import static dev.gbpf.verifier.domain.Bits.carries;
import static dev.gbpf.verifier.domain.Bits.mask;
import static dev.gbpf.verifier.domain.Bits.maxUnsigned;
import static dev.gbpf.verifier.domain.Bits.minUnsigned;
import static dev.gbpf.verifier.domain.Bits.signExtend;
import static dev.gbpf.verifier.domain.Bits.signedDifferenceWrap;
import static dev.gbpf.verifier.domain.Bits.signedMax;
import static dev.gbpf.verifier.domain.Bits.signedMin;
import static dev.gbpf.verifier.domain.Bits.signedProductFits;
import static dev.gbpf.verifier.domain.Bits.signedSumWrap;
import static dev.gbpf.verifier.domain.Bits.unsignedProductFits;
import static dev.gbpf.verifier.domain.Bits.zeroExtend;

/**
 * Arithmetic on sets of words. Each operator bounds its result in those of the three parts of {@link Word} where the concrete
 * operator is monotone, leaves the others open, and lets the reduction carry the knowledge over.
 */
final class WordArithmetic {
    private WordArithmetic() {}

    /** The results of {@code operation} on members of {@code a} and {@code b}, words of one width. */
    static Word apply(BinaryOperation operation, Word a, Word b) {
        return switch (operation) {
            case ADD -> add(a, b);
            case SUBTRACT -> subtract(a, b);
            case MULTIPLY -> multiply(a, b);
            case DIVIDE -> divide(a, b);
            case REMAINDER -> remainder(a, b);
            case SIGNED_DIVIDE -> signedDivide(a, b);
            case SIGNED_REMAINDER -> signedRemainder(a, b);
            case AND -> and(a, b);
            case OR -> or(a, b);
            case XOR -> Word.of(a.width(), a.bits().xor(b.bits()));
            case SHIFT_LEFT, SHIFT_RIGHT, SHIFT_RIGHT_ARITHMETIC -> shift(operation, a, b);
        };
    }

    /**
     * Modulo 2^w, a sum of two intervals is an interval again when all sums leave the word equally often: as sums are
     * monotone in both arguments it is enough that the least and the greatest do.
     */
    private static Word add(Word a, Word b) {
        int width = a.width();
        if (a.isTop() || b.isTop()) {
            return Word.top(width);
        }
        long word = mask(width);
        boolean whole = carries(width, a.umin(), b.umin()) == carries(width, a.umax(), b.umax());
        boolean wholeSigned = signedSumWrap(width, a.smin(), b.smin()) == signedSumWrap(width, a.smax(), b.smax());
        return Word.sound(
                width,
                a.bits().add(b.bits(), word),
                whole ? (a.umin() + b.umin()) & word : 0,
                whole ? (a.umax() + b.umax()) & word : word,
                wholeSigned ? signExtend(width, a.smin() + b.smin()) : signedMin(width),
                wholeSigned ? signExtend(width, a.smax() + b.smax()) : signedMax(width));
    }

    /** As {@link #add}: the least difference is from the least minuend and the greatest subtrahend. */
    private static Word subtract(Word a, Word b) {
        int width = a.width();
        if (a.isTop() || b.isTop()) {
            return Word.top(width);
        }
        long word = mask(width);
        boolean whole = below(a.umin(), b.umax()) == below(a.umax(), b.umin());
        boolean wholeSigned =
                signedDifferenceWrap(width, a.smin(), b.smax()) == signedDifferenceWrap(width, a.smax(), b.smin());
        return Word.sound(
                width,
                a.bits().subtract(b.bits(), word),
                whole ? (a.umin() - b.umax()) & word : 0,
                whole ? (a.umax() - b.umin()) & word : word,
                wholeSigned ? signExtend(width, a.smin() - b.smax()) : signedMin(width),
                wholeSigned ? signExtend(width, a.smax() - b.smin()) : signedMax(width));
    }

    /**
     * Unsigned products are monotone in both arguments. A signed product is linear in each, so over a box it takes its least
     * and greatest value at corners. Both hold as long as nothing leaves the word.
     */
    private static Word multiply(Word a, Word b) {
        int width = a.width();
        Tnum bits = a.bits().multiply(b.bits(), mask(width));
        boolean fits = unsignedProductFits(width, a.umax(), b.umax());
        long smin = signedMin(width);
        long smax = signedMax(width);
        if (signedProductFits(width, a.smin(), b.smin())
                && signedProductFits(width, a.smin(), b.smax())
                && signedProductFits(width, a.smax(), b.smin())
                && signedProductFits(width, a.smax(), b.smax())) {
            long p = a.smin() * b.smin();
            long q = a.smin() * b.smax();
            long r = a.smax() * b.smin();
            long s = a.smax() * b.smax();
            smin = Math.min(Math.min(p, q), Math.min(r, s));
            smax = Math.max(Math.max(p, q), Math.max(r, s));
        }
        return Word.sound(
                width, bits, fits ? a.umin() * b.umin() : 0, fits ? a.umax() * b.umax() : mask(width), smin, smax);
    }

    private static Word divide(Word a, Word b) {
        int width = a.width();
        if (b.umax() == 0) {
            return Word.constant(width, 0);
        }
        long least = b.umin() == 0 ? 0 : Long.divideUnsigned(a.umin(), b.umax());
        long greatest = Long.divideUnsigned(a.umax(), b.umin() == 0 ? 1 : b.umin());
        return Word.unsigned(width, least, greatest);
    }

    private static Word remainder(Word a, Word b) {
        int width = a.width();
        if (b.umax() == 0 || below(a.umax(), b.umin())) {
            return a;
        }
        long divisor = b.umin();
        boolean sameQuotient =
                b.isConstant() && Long.divideUnsigned(a.umin(), divisor) == Long.divideUnsigned(a.umax(), divisor);
        if (sameQuotient) {
            return Word.unsigned(
                    width, Long.remainderUnsigned(a.umin(), divisor), Long.remainderUnsigned(a.umax(), divisor));
        }
        // A remainder is at most its dividend, and below its divisor unless that is 0.
        long greatest = b.umin() == 0 ? a.umax() : minUnsigned(a.umax(), b.umax() - 1);
        Word result = Word.unsigned(width, 0, greatest);
        if (b.isConstant() && Long.bitCount(b.umin()) == 1) {
            Word low = Word.of(width, a.bits().and(Tnum.constant(b.umin() - 1)));
            return meetOfSound(result, low);
        }
        return result;
    }

    private static Word signedDivide(Word a, Word b) {
        int width = a.width();
        if (b.isConstant()) {
            long divisor = b.smin();
            if (divisor == 0) {
                return Word.constant(width, 0);
            }
            if (divisor == -1) {
                // The least word over -1 is itself, as its negation is.
                return subtract(Word.constant(width, 0), a);
            }
            long p = a.smin() / divisor;
            long q = a.smax() / divisor;
            return Word.signed(width, Math.min(p, q), Math.max(p, q));
        }
        if (a.smin() >= 0 && b.smin() >= 0) {
            return divide(a, b);
        }
        if (a.smin() == signedMin(width)) {
            return Word.top(width);
        }
        // A quotient, 0 for a zero divisor included, is no greater in magnitude than the dividend.
        long magnitude = Math.max(Math.abs(a.smin()), Math.abs(a.smax()));
        return Word.signed(width, -magnitude, magnitude);
    }

    private static Word signedRemainder(Word a, Word b) {
        int width = a.width();
        if (b.isConstant() && (b.smin() == 0 || a.isConstant())) {
            return b.smin() == 0 ? a : Word.constant(width, a.smin() % b.smin());
        }
        // It has the dividend's sign, or is 0, and is no greater in magnitude: between 0 and the dividend.
        long least = Math.min(a.smin(), 0);
        long greatest = Math.max(a.smax(), 0);
        boolean divisorMayBeZero = b.smin() <= 0 && b.smax() >= 0;
        if (!divisorMayBeZero && b.smin() != signedMin(width)) {
            long below = Math.max(Math.abs(b.smin()), Math.abs(b.smax())) - 1;
            least = Math.max(least, -below);
            greatest = Math.min(greatest, below);
        }
        return Word.signed(width, least, greatest);
    }

    /** No more than either; which bits it has, the tristate number knows best. */
    private static Word and(Word a, Word b) {
        int width = a.width();
        return Word.sound(
                width, a.bits().and(b.bits()), 0, minUnsigned(a.umax(), b.umax()), signedMin(width), signedMax(width));
    }

    /** No less than either. */
    private static Word or(Word a, Word b) {
        int width = a.width();
        return Word.sound(
                width,
                a.bits().or(b.bits()),
                maxUnsigned(a.umin(), b.umin()),
                mask(width),
                signedMin(width),
                signedMax(width));
    }

    /** The union over all amounts that are possible modulo the width, a power of two: at most as many as the width. */
    private static Word shift(BinaryOperation operation, Word a, Word b) {
        int width = a.width();
        if (b.isConstant()) {
            return shift(operation, a, (int) b.umin() & (width - 1));
        }
        Word amounts = and(b, Word.constant(width, width - 1));
        Word first = shift(operation, a, (int) amounts.umin());
        long ones = first.ones();
        long unknown = first.unknown();
        long umin = first.umin();
        long umax = first.umax();
        long smin = first.smin();
        long smax = first.smax();
        boolean isTop = first.isTop();
        for (int amount = (int) amounts.umin() + 1; amount <= (int) amounts.umax() && !isTop; amount++) {
            if (amounts.contains(amount)) {
                Word shifted = shift(operation, a, amount);
                unknown |= shifted.unknown() | (ones ^ shifted.ones());
                ones &= ~unknown;
                umin = minUnsigned(umin, shifted.umin());
                umax = maxUnsigned(umax, shifted.umax());
                smin = Math.min(smin, shifted.smin());
                smax = Math.max(smax, shifted.smax());
                isTop = unknown == mask(width)
                        && umin == 0
                        && umax == unknown
                        && smin == signedMin(width)
                        && smax == signedMax(width);
            }
        }
        return isTop ? Word.top(width) : Word.sound(width, new Tnum(ones, unknown), umin, umax, smin, smax);
    }

    private static Word shift(BinaryOperation operation, Word a, int amount) {
        return switch (operation) {
            case SHIFT_LEFT -> shiftLeft(a, amount);
            case SHIFT_RIGHT -> shiftRight(a, amount);
            case SHIFT_RIGHT_ARITHMETIC ->
                Word.sound(
                        a.width(),
                        a.bits().shiftRightArithmetic(a.width(), amount),
                        0,
                        mask(a.width()),
                        a.smin() >> amount,
                        a.smax() >> amount);
            default -> throw new IllegalArgumentException("not a shift: " + operation);
        };
    }

    private static Word shiftRight(Word a, int amount) {
        if (amount == 0) {
            return a;
        }
        return Word.sound(
                a.width(),
                a.bits().shiftRight(amount),
                a.umin() >>> amount,
                a.umax() >>> amount,
                0,
                signedMax(a.width()));
    }

    /** Monotone where no bit that matters is shifted out: unsigned no 1, signed nothing but copies of the sign. */
    private static Word shiftLeft(Word a, int amount) {
        int width = a.width();
        long word = mask(width);
        boolean fits = zeroExtend(width, a.umax() << amount) >>> amount == a.umax();
        boolean fitsSigned = signExtend(width, a.smin() << amount) >> amount == a.smin()
                && signExtend(width, a.smax() << amount) >> amount == a.smax();
        return Word.sound(
                width,
                a.bits().shiftLeft(amount, word),
                fits ? a.umin() << amount : 0,
                fits ? a.umax() << amount : word,
                fitsSigned ? a.smin() << amount : signedMin(width),
                fitsSigned ? a.smax() << amount : signedMax(width));
    }

    private static Word meetOfSound(Word a, Word b) {
        Word both = a.meet(b);
        if (both == null) {
            throw new IllegalStateException("two sound results are disjoint: " + a + " and " + b);
        }
        return both;
    }
}
