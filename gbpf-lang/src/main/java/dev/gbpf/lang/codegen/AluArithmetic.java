package dev.gbpf.lang.codegen;

import dev.gbpf.isa.AluOp;

/** What operations on numbers give (RFC 9669, section 4.1). */
final class AluArithmetic {
    private AluArithmetic() {}

    /** {@code left op right}, 64 bits wide. */
    static long apply(AluOp op, long left, long right) {
        return switch (op) {
            case ADD -> left + right;
            case SUB -> left - right;
            case MUL -> left * right;
            case DIV -> right == 0 ? 0 : Long.divideUnsigned(left, right);
            case MOD -> right == 0 ? left : Long.remainderUnsigned(left, right);
            case SDIV -> right == 0 ? 0 : left / right;
            case SMOD -> right == 0 ? left : left % right;
            case AND -> left & right;
            case OR -> left | right;
            case XOR -> left ^ right;
            case LSH -> left << right;
            case RSH -> left >>> right;
            case ARSH -> left >> right;
        };
    }

    static boolean commutes(AluOp op) {
        return switch (op) {
            case ADD, MUL, AND, OR, XOR -> true;
            case SUB, DIV, MOD, SDIV, SMOD, LSH, RSH, ARSH -> false;
        };
    }
}
