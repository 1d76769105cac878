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
        boolean signed = type == Type.I64;
        return switch (operator) {
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
            case EQ, NE, LT, LE, GT, GE, AND_ALSO, OR_ELSE ->
                throw new IllegalArgumentException("operator=" + operator + " is not arithmetic");
        };
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
            case MUL, DIV, MOD, ADD, SUB, LSH, RSH, AND, XOR, OR, AND_ALSO, OR_ELSE ->
                throw new IllegalArgumentException("operator=" + operator + " is not a comparison");
        };
    }
}
