package dev.gbpf.verifier.analysis;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.verifier.domain.BinaryOperation;
import dev.gbpf.verifier.domain.Comparison;

/** The instruction set's operators in the words of the domains. */
final class Operators {
    private Operators() {}

    static BinaryOperation of(AluOp op) {
        return switch (op) {
            case ADD -> BinaryOperation.ADD;
            case SUB -> BinaryOperation.SUBTRACT;
            case MUL -> BinaryOperation.MULTIPLY;
            case DIV -> BinaryOperation.DIVIDE;
            case OR -> BinaryOperation.OR;
            case AND -> BinaryOperation.AND;
            case LSH -> BinaryOperation.SHIFT_LEFT;
            case RSH -> BinaryOperation.SHIFT_RIGHT;
            case MOD -> BinaryOperation.REMAINDER;
            case XOR -> BinaryOperation.XOR;
            case ARSH -> BinaryOperation.SHIFT_RIGHT_ARITHMETIC;
            case SDIV -> BinaryOperation.SIGNED_DIVIDE;
            case SMOD -> BinaryOperation.SIGNED_REMAINDER;
        };
    }

    /** What holds when a jump with this condition is taken. */
    static Comparison of(JumpOp op) {
        return switch (op) {
            case EQ -> Comparison.EQUAL;
            case GT -> Comparison.UNSIGNED_GREATER;
            case GE -> Comparison.UNSIGNED_GREATER_OR_EQUAL;
            case SET -> Comparison.COMMON_BITS;
            case NE -> Comparison.NOT_EQUAL;
            case SGT -> Comparison.SIGNED_GREATER;
            case SGE -> Comparison.SIGNED_GREATER_OR_EQUAL;
            case LT -> Comparison.UNSIGNED_LESS;
            case LE -> Comparison.UNSIGNED_LESS_OR_EQUAL;
            case SLT -> Comparison.SIGNED_LESS;
            case SLE -> Comparison.SIGNED_LESS_OR_EQUAL;
        };
    }
}
