package dev.gbpf.lang.sema;

import dev.gbpf.lang.ast.BinaryOperator;

/**
 * Arithmetic on typed values as programs do it at run time: modulo 2^64, {@code x / 0 = 0}, {@code x % 0 = x} (RFC 9669,
 * section 4.1), shift counts modulo 64.
 */
public final class IntegerArithmetic {
    private IntegerArithmetic() {}

    /** {@code left op right} for an operator of the arithmetic family. */
    public static long arithmetic(BinaryOperator operator, Type type, long left, long right) {
        if (operator.overflow() == BinaryOperator.Overflow.SATURATES && overflows(operator, type, left, right)) {
            return saturated(operator, type, left, right);
        }
        boolean signed = type == Type.I64;
        return switch (operator.wrapping()) {
            case ADD -> left + right;
            case SUB -> left - right;
            case MUL -> left * right;
            case DIV -> right == 0 ? 0 : signed ? left / right : Long.divideUnsigned(left, right);
            case MOD -> right == 0 ? left : signed ? left % right : Long.remainderUnsigned(left, right);
            case AND -> left & right;
            case OR -> left | right;
            case XOR -> left ^ right;
            case LSH -> left << right;
            case RSH -> signed ? left >> right : left >>> right;
            default -> throw new IllegalArgumentException("operator=" + operator + " is not arithmetic");
        };
    }

    /** Whether the exact sum, difference or product does not fit in the type. Other operators never overflow. */
    public static boolean overflows(BinaryOperator operator, Type type, long left, long right) {
        boolean signed = type == Type.I64;
        return switch (operator.wrapping()) {
            case ADD ->
                signed
                        ? ((left ^ (left + right)) & (right ^ (left + right))) < 0
                        : Long.compareUnsigned(left + right, left) < 0;
            case SUB -> signed ? ((left ^ right) & (left ^ (left - right))) < 0 : Long.compareUnsigned(left, right) < 0;
            // The high half of a product that fits repeats the sign, or is zero.
            case MUL ->
                signed
                        ? Math.multiplyHigh(left, right) != (left * right) >> (Long.SIZE - 1)
                        : Math.unsignedMultiplyHigh(left, right) != 0;
            default -> false;
        };
    }

    /** The value of the type that is nearest to a result that overflows. */
    public static long saturated(BinaryOperator operator, Type type, long left, long right) {
        boolean subtracts = operator.wrapping() == BinaryOperator.SUB;
        if (type == Type.U64) {
            return subtracts ? 0 : -1;
        }
        // Sums overflow away from zero on the side of the left operand; products by the signs of both.
        boolean negative = operator.wrapping() == BinaryOperator.MUL ? (left ^ right) < 0 : left < 0;
        return negative ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    /** {@code left op right} for an operator of the comparison family. */
    public static boolean comparison(BinaryOperator operator, Type type, long left, long right) {
        int order = type == Type.I64 ? Long.compare(left, right) : Long.compareUnsigned(left, right);
        return switch (operator) {
            case EQ -> order == 0;
            case NE -> order != 0;
            case LT -> order < 0;
            case LE -> order <= 0;
            case GT -> order > 0;
            case GE -> order >= 0;
            default -> throw new IllegalArgumentException("operator=" + operator + " is not a comparison");
        };
    }
}
