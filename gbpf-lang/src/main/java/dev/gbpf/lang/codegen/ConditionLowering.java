package dev.gbpf.lang.codegen;

import dev.gbpf.isa.JumpOp;
import dev.gbpf.lang.ast.BinaryOperator;
import dev.gbpf.lang.sema.BoundExpression;
import dev.gbpf.lang.sema.ConstantFolder;
import dev.gbpf.lang.sema.Type;

/** Turns a comparison into the conditional jump that makes it, so that no truth value is ever computed for a branch. */
final class ConditionLowering {
    private ConditionLowering() {}

    /** Goes to {@code label} when the comparison gives {@code when}, else on. */
    static void branch(
            ExpressionLowering expressions,
            CodeBuilder code,
            BoundExpression.Comparison comparison,
            boolean when,
            int label) {
        BinaryOperator operator = when ? comparison.operator() : ConstantFolder.inverse(comparison.operator());
        if (operator == BinaryOperator.NE
                && isZero(comparison.right())
                && comparison.left() instanceof BoundExpression.Arithmetic(var inner, var bits, var mask, var _)
                && inner == BinaryOperator.AND) {
            Source left = expressions.evaluate(bits);
            Source right = expressions.evaluate(mask);
            code.branch(JumpOp.SET, code.register(left), right, label);
            return;
        }
        Source left = expressions.evaluate(comparison.left());
        Source right = expressions.evaluate(comparison.right());
        if (left instanceof Source.Imm(long a) && right instanceof Source.Imm(long b)) {
            if (Conditions.holds(opcode(operator, comparison.left().type()), a, b)) {
                code.jump(label);
            }
            return;
        }
        code.branch(opcode(operator, comparison.left().type()), code.register(left), right, label);
    }

    private static boolean isZero(BoundExpression expression) {
        return expression instanceof BoundExpression.Constant constant && constant.value() == 0;
    }

    private static JumpOp opcode(BinaryOperator operator, Type type) {
        boolean signed = type == Type.I64;
        return switch (operator) {
            case EQ -> JumpOp.EQ;
            case NE -> JumpOp.NE;
            case LT -> signed ? JumpOp.SLT : JumpOp.LT;
            case LE -> signed ? JumpOp.SLE : JumpOp.LE;
            case GT -> signed ? JumpOp.SGT : JumpOp.GT;
            case GE -> signed ? JumpOp.SGE : JumpOp.GE;
            default -> throw new IllegalArgumentException("operator=" + operator + " is not a comparison");
        };
    }
}
