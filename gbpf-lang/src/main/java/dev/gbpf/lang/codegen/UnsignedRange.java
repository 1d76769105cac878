package dev.gbpf.lang.codegen;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.JumpOp;
import org.jspecify.annotations.Nullable;

/**
 * Unsigned 64-bit numbers from {@code min} to {@code max}. Rules are those that the verifier is sure to have as well: what is
 * left out because of a range must not be missed there.
 */
record UnsignedRange(long min, long max) {
    /** Every number. */
    static final UnsignedRange ALL = new UnsignedRange(0, -1);

    static UnsignedRange of(long number) {
        return new UnsignedRange(number, number);
    }

    /** Numbers of that many bits, 1 to 64. */
    static UnsignedRange ofBits(int bits) {
        return new UnsignedRange(0, -1L >>> (Long.SIZE - bits));
    }

    boolean isSingle() {
        return min == max;
    }

    /** Every bit that a number of the range may have. */
    long bits() {
        return max == 0 ? 0 : -1L >>> Long.numberOfLeadingZeros(max);
    }

    /** What is in both ranges; this one when nothing is. */
    UnsignedRange meet(UnsignedRange other) {
        long least = greater(min, other.min);
        long greatest = lesser(max, other.max);
        return Long.compareUnsigned(least, greatest) <= 0 ? new UnsignedRange(least, greatest) : this;
    }

    /** The least range that holds both. */
    UnsignedRange join(UnsignedRange other) {
        return new UnsignedRange(lesser(min, other.min), greater(max, other.max));
    }

    /** The results of an operation. */
    static UnsignedRange apply(AluOp op, UnsignedRange a, UnsignedRange b) {
        if (a.isSingle() && b.isSingle()) {
            return of(AluArithmetic.apply(op, a.min, b.min));
        }
        return switch (op) {
            case ADD ->
                Long.compareUnsigned(a.max + b.max, a.max) < 0 ? ALL : new UnsignedRange(a.min + b.min, a.max + b.max);
            case MUL ->
                Math.unsignedMultiplyHigh(a.max, b.max) != 0 ? ALL : new UnsignedRange(a.min * b.min, a.max * b.max);
            case AND -> new UnsignedRange(0, lesser(a.max, b.max));
            case OR, XOR -> new UnsignedRange(0, a.bits() | b.bits());
            case DIV ->
                new UnsignedRange(
                        b.min == 0 ? 0 : Long.divideUnsigned(a.min, b.max),
                        Long.divideUnsigned(a.max, b.min == 0 ? 1 : b.min));
            case MOD -> new UnsignedRange(0, b.min == 0 ? a.max : lesser(a.max, b.max - 1));
            case LSH ->
                b.isSingle() && a.max << b.min >>> b.min == a.max
                        ? new UnsignedRange(a.min << b.min, a.max << b.min)
                        : ALL;
            case RSH ->
                b.isSingle() ? new UnsignedRange(a.min >>> b.min, a.max >>> b.min) : new UnsignedRange(0, a.max);
            case SUB, SDIV, SMOD, ARSH -> ALL;
        };
    }

    /** Whether {@code a op b} is sure to hold or sure not to; null when it is neither. */
    static @Nullable Boolean holds(JumpOp op, UnsignedRange a, UnsignedRange b) {
        if (a.isSingle() && b.isSingle()) {
            return Conditions.holds(op, a.min, b.min);
        }
        return switch (op) {
            case LT -> less(a, b);
            case GE -> not(less(a, b));
            case GT -> less(b, a);
            case LE -> not(less(b, a));
            case EQ -> isDisjoint(a, b) ? Boolean.FALSE : null;
            case NE -> isDisjoint(a, b) ? Boolean.TRUE : null;
            case SET, SGT, SGE, SLT, SLE -> null;
        };
    }

    /** Whether {@code a op a} holds, whatever {@code a} is; null when that depends on it. */
    static @Nullable Boolean holdsForEqual(JumpOp op) {
        return switch (op) {
            case EQ, GE, LE, SGE, SLE -> true;
            case NE, GT, LT, SGT, SLT -> false;
            case SET -> null;
        };
    }

    /** What is left of {@code a} where {@code a op b} holds. */
    static UnsignedRange refine(JumpOp op, UnsignedRange a, UnsignedRange b) {
        return switch (op) {
            case LT -> b.max == 0 ? a : a.meet(new UnsignedRange(0, b.max - 1));
            case LE -> a.meet(new UnsignedRange(0, b.max));
            case GT -> b.min == -1 ? a : a.meet(new UnsignedRange(b.min + 1, -1));
            case GE -> a.meet(new UnsignedRange(b.min, -1));
            case EQ -> a.meet(b);
            case NE -> !b.isSingle() || a.isSingle() ? a : withoutEnd(a, b.min);
            case SET, SGT, SGE, SLT, SLE -> a;
        };
    }

    private static UnsignedRange withoutEnd(UnsignedRange a, long end) {
        return a.min == end ? new UnsignedRange(end + 1, a.max) : a.max == end ? new UnsignedRange(a.min, end - 1) : a;
    }

    private static @Nullable Boolean less(UnsignedRange a, UnsignedRange b) {
        if (Long.compareUnsigned(a.max, b.min) < 0) {
            return Boolean.TRUE;
        }
        return Long.compareUnsigned(a.min, b.max) >= 0 ? Boolean.FALSE : null;
    }

    private static @Nullable Boolean not(@Nullable Boolean value) {
        return value == null ? null : !value;
    }

    private static boolean isDisjoint(UnsignedRange a, UnsignedRange b) {
        return Long.compareUnsigned(a.max, b.min) < 0 || Long.compareUnsigned(b.max, a.min) < 0;
    }

    private static long lesser(long a, long b) {
        return Long.compareUnsigned(a, b) < 0 ? a : b;
    }

    private static long greater(long a, long b) {
        return Long.compareUnsigned(a, b) < 0 ? b : a;
    }
}
