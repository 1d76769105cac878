package dev.gbpf.verifier.domain;

import org.jspecify.annotations.Nullable;

/** Arithmetic and refinement of {@link Scalar}s, in the whole width and in the low half. */
public final class ScalarArithmetic {
    private ScalarArithmetic() {}

    /** {@code a operation b} in the whole width. */
    public static Scalar wide(BinaryOperation operation, Scalar a, Scalar b) {
        Word wide = WordArithmetic.apply(operation, a.wide(), b.wide());
        if (wide.isConstant()) {
            return Scalar.constant(wide.width(), wide.umin());
        }
        return switch (operation) {
            // The low half of these results depends on the low halves of the arguments alone.
            case ADD, SUBTRACT, MULTIPLY, AND, OR, XOR ->
                Scalar.sound(wide, WordArithmetic.apply(operation, a.low(), b.low()));
            case DIVIDE, REMAINDER, SIGNED_DIVIDE, SIGNED_REMAINDER, SHIFT_LEFT, SHIFT_RIGHT, SHIFT_RIGHT_ARITHMETIC ->
                Scalar.ofWide(wide);
        };
    }

    /** {@code a operation b} on the low halves, the result zero-extended. */
    public static Scalar low(BinaryOperation operation, Scalar a, Scalar b) {
        return Scalar.ofLow(WordArithmetic.apply(operation, a.low(), b.low()));
    }

    /** Whether half-width addition of {@code step} to every member, a zero-extended low half, gives the sum without wrapping. */
    public static boolean isLowSum(Scalar a, long step) {
        int half = a.low().width();
        return a.fitsBits(half) && a.wide().umin() + step >= 0 && a.wide().umax() + step <= Bits.mask(half);
    }

    /** The low half, zero-extended. */
    public static Scalar lowHalf(Scalar a) {
        return Scalar.ofLow(a.low());
    }

    /** The low {@code bits} bits, zero-extended. */
    public static Scalar truncate(Scalar a, int bits) {
        return bits == a.low().width()
                ? lowHalf(a)
                : Scalar.ofWide(a.wide().truncate(bits).zeroExtendTo(a.width()));
    }

    /** The low {@code bits} bits, sign-extended. */
    public static Scalar signExtend(Scalar a, int bits) {
        Word narrow = bits == a.low().width() ? a.low() : a.wide().truncate(bits);
        return Scalar.ofWide(narrow.signExtendTo(a.width()));
    }

    /** The low {@code bits} bits, sign-extended to the low half and zero-extended from there. */
    public static Scalar signExtendLow(Scalar a, int bits) {
        int half = a.low().width();
        return Scalar.ofLow(a.low().truncate(bits).signExtendTo(half));
    }

    /** The low {@code bits} bits with their bytes in the other order, zero-extended. */
    public static Scalar reverseBytes(Scalar a, int bits) {
        Tnum low = truncate(a, bits).wide().bits();
        return Scalar.ofWide(Word.of(a.width(), low.reverseBytes(bits)));
    }

    /** What remains of two scalars when a relation between them holds. */
    public record Pair(Scalar left, Scalar right) {}

    /** The members for which {@code left relation right} is possible in the whole width, or null when it never holds. */
    public static @Nullable Pair refineWide(Comparison relation, Scalar left, Scalar right) {
        WordRefinement.Pair wide = WordRefinement.refine(relation, left.wide(), right.wide());
        if (wide == null) {
            return null;
        }
        if (relation == Comparison.EQUAL) {
            Scalar both = left.meet(right);
            return both == null ? null : new Pair(both, both);
        }
        return pair(left.with(wide.left(), left.low()), right.with(wide.right(), right.low()));
    }

    /** The members for which {@code left relation right} is possible for the low halves, or null when it never holds. */
    public static @Nullable Pair refineLow(Comparison relation, Scalar left, Scalar right) {
        WordRefinement.Pair low = WordRefinement.refine(relation, left.low(), right.low());
        return low == null ? null : pair(left.with(left.wide(), low.left()), right.with(right.wide(), low.right()));
    }

    private static @Nullable Pair pair(@Nullable Scalar left, @Nullable Scalar right) {
        return left == null || right == null ? null : new Pair(left, right);
    }

    /** Whether {@code divisor}, a power of two, divides every member. */
    public static boolean isMultipleOf(Scalar a, int divisor) {
        return (a.wide().bits().max() & (divisor - 1L)) == 0;
    }
}
