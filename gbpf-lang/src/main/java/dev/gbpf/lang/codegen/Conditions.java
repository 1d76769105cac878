package dev.gbpf.lang.codegen;

import dev.gbpf.isa.JumpOp;
import org.jspecify.annotations.Nullable;

/** What conditions of jumps mean. */
final class Conditions {
    private Conditions() {}

    static boolean holds(JumpOp op, long left, long right) {
        int unsigned = Long.compareUnsigned(left, right);
        return switch (op) {
            case EQ -> left == right;
            case NE -> left != right;
            case SET -> (left & right) != 0;
            case GT -> unsigned > 0;
            case GE -> unsigned >= 0;
            case LT -> unsigned < 0;
            case LE -> unsigned <= 0;
            case SGT -> left > right;
            case SGE -> left >= right;
            case SLT -> left < right;
            case SLE -> left <= right;
        };
    }

    /** The condition that holds exactly when this one does not; {@code SET} has none. */
    static @Nullable JumpOp inverse(JumpOp op) {
        return switch (op) {
            case EQ -> JumpOp.NE;
            case NE -> JumpOp.EQ;
            case GT -> JumpOp.LE;
            case LE -> JumpOp.GT;
            case GE -> JumpOp.LT;
            case LT -> JumpOp.GE;
            case SGT -> JumpOp.SLE;
            case SLE -> JumpOp.SGT;
            case SGE -> JumpOp.SLT;
            case SLT -> JumpOp.SGE;
            case SET -> null;
        };
    }

    /** The condition that holds for the operands in the other order. */
    static JumpOp mirror(JumpOp op) {
        return switch (op) {
            case EQ, NE, SET -> op;
            case GT -> JumpOp.LT;
            case LT -> JumpOp.GT;
            case GE -> JumpOp.LE;
            case LE -> JumpOp.GE;
            case SGT -> JumpOp.SLT;
            case SLT -> JumpOp.SGT;
            case SGE -> JumpOp.SLE;
            case SLE -> JumpOp.SGE;
        };
    }
}
