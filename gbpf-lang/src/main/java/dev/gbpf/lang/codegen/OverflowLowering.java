package dev.gbpf.lang.codegen;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.lang.ast.BinaryOperator;
import dev.gbpf.lang.sema.Type;

/** Lowers sums, differences and products that saturate, or that go to a fallback when they overflow. */
final class OverflowLowering {
    private static final int SIGN_SHIFT = Long.SIZE - 1;

    private final CodeBuilder code;
    /** Where a checked operator goes when it overflows. */
    private int guard = LowInstruction.NONE;

    OverflowLowering(CodeBuilder code) {
        this.code = code;
    }

    /** Checked operators go to this label from now on; gives the one before. */
    int enterGuard(int label) {
        int outer = guard;
        guard = label;
        return outer;
    }

    void leaveGuard(int outer) {
        guard = outer;
    }

    /** {@code left op right} for a saturating or checked operator. */
    Source arithmetic(BinaryOperator operator, Type type, Source left, Source right) {
        // Detection looks at the operands after the result is there, so they need registers of their own.
        Source b = code.encodable(right);
        if (operator.overflow() == BinaryOperator.Overflow.CHECKED) {
            return new Source.Reg(compute(operator.wrapping(), type, left, b, guard));
        }
        if (type == Type.U64 && operator.wrapping() == BinaryOperator.SUB) {
            return saturatingDifference(left, b);
        }
        int result = code.newRegister();
        int overflows = code.newLabel();
        int end = code.newLabel();
        code.move(result, new Source.Reg(compute(operator.wrapping(), type, left, b, overflows)));
        code.jump(end);
        code.place(overflows);
        saturate(result, operator.wrapping(), type, left, b);
        code.place(end);
        return new Source.Reg(result);
    }

    /** The greater one minus {@code b}: never below 0, and evidently so. */
    private Source saturatingDifference(Source a, Source b) {
        int keep = code.newLabel();
        int result = code.copy(a);
        code.branch(JumpOp.GE, result, b, keep);
        code.move(result, b);
        code.place(keep);
        code.alu(AluOp.SUB, result, b);
        return new Source.Reg(result);
    }

    /** The result in a new register; goes to {@code overflows} when it does not fit. */
    private int compute(BinaryOperator operator, Type type, Source a, Source b, int overflows) {
        return switch (operator) {
            case ADD -> type == Type.U64 ? unsignedSum(a, b, overflows) : signedSum(a, b, overflows);
            case SUB -> type == Type.U64 ? unsignedDifference(a, b, overflows) : signedDifference(a, b, overflows);
            case MUL ->
                b instanceof Source.Imm(long factor)
                        ? multiple(type, a, factor, overflows)
                        : type == Type.U64 ? unsignedProduct(a, b, overflows) : signedProduct(a, b, overflows);
            default -> throw new IllegalArgumentException("operator=" + operator + " does not overflow");
        };
    }

    private int apply(AluOp op, Source a, Source b) {
        int result = code.copy(a);
        code.alu(op, result, b);
        return result;
    }

    private int unsignedSum(Source a, Source b, int overflows) {
        int result = apply(AluOp.ADD, a, b);
        // A sum that wrapped is less than either operand.
        code.branch(JumpOp.LT, result, b, overflows);
        return result;
    }

    private int unsignedDifference(Source a, Source b, int overflows) {
        int left = code.register(a);
        code.branch(JumpOp.LT, left, b, overflows);
        return apply(AluOp.SUB, new Source.Reg(left), b);
    }

    private int signedSum(Source a, Source b, int overflows) {
        int left = code.register(a);
        int result = apply(AluOp.ADD, new Source.Reg(left), b);
        if (b instanceof Source.Imm(long constant)) {
            code.branch(constant < 0 ? JumpOp.SGT : JumpOp.SLT, result, new Source.Reg(left), overflows);
            return result;
        }
        // It overflows when both operands differ from the result in their sign.
        int differs = apply(AluOp.XOR, new Source.Reg(left), new Source.Reg(result));
        int other = apply(AluOp.XOR, b, new Source.Reg(result));
        code.alu(AluOp.AND, differs, new Source.Reg(other));
        code.branch(JumpOp.SLT, differs, new Source.Imm(0), overflows);
        return result;
    }

    private int signedDifference(Source a, Source b, int overflows) {
        int left = code.register(a);
        int result = apply(AluOp.SUB, new Source.Reg(left), b);
        if (b instanceof Source.Imm(long constant)) {
            code.branch(constant < 0 ? JumpOp.SLT : JumpOp.SGT, result, new Source.Reg(left), overflows);
            return result;
        }
        // It overflows when the left operand differs from both the right one and the result in its sign.
        int differs = apply(AluOp.XOR, new Source.Reg(left), new Source.Reg(result));
        int other = apply(AluOp.XOR, b, new Source.Reg(left));
        code.alu(AluOp.AND, differs, new Source.Reg(other));
        code.branch(JumpOp.SLT, differs, new Source.Imm(0), overflows);
        return result;
    }

    /** A product with a known factor overflows outside a known range. */
    private int multiple(Type type, Source a, long factor, int overflows) {
        int left = code.register(a);
        if (type == Type.U64) {
            if (Long.compareUnsigned(factor, 1) > 0) {
                code.branch(JumpOp.GT, left, new Source.Imm(Long.divideUnsigned(-1, factor)), overflows);
            }
        } else if (factor == -1) {
            code.branch(JumpOp.EQ, left, new Source.Imm(Long.MIN_VALUE), overflows);
        } else if (factor != 0 && factor != 1) {
            long one = Long.MAX_VALUE / factor;
            long other = Long.MIN_VALUE / factor;
            code.branch(JumpOp.SGT, left, new Source.Imm(Math.max(one, other)), overflows);
            code.branch(JumpOp.SLT, left, new Source.Imm(Math.min(one, other)), overflows);
        }
        return apply(AluOp.MUL, new Source.Reg(left), new Source.Imm(factor));
    }

    private int unsignedProduct(Source a, Source b, int overflows) {
        int left = code.register(a);
        int fits = code.newLabel();
        int result = apply(AluOp.MUL, new Source.Reg(left), b);
        code.branch(JumpOp.EQ, left, new Source.Imm(0), fits);
        int quotient = apply(AluOp.DIV, new Source.Reg(result), new Source.Reg(left));
        code.branch(JumpOp.NE, quotient, b, overflows);
        code.place(fits);
        return result;
    }

    private int signedProduct(Source a, Source b, int overflows) {
        int left = code.register(a);
        int fits = code.newLabel();
        int result = apply(AluOp.MUL, new Source.Reg(left), b);
        code.branch(JumpOp.EQ, left, new Source.Imm(0), fits);
        int quotient = apply(AluOp.SDIV, new Source.Reg(result), new Source.Reg(left));
        code.branch(JumpOp.NE, quotient, b, overflows);
        // The one product that divides back although it wrapped: -1 times the least number.
        code.branch(JumpOp.NE, left, new Source.Imm(-1), fits);
        code.branch(JumpOp.EQ, code.register(b), new Source.Imm(Long.MIN_VALUE), overflows);
        code.place(fits);
        return result;
    }

    /** Sets {@code result} to the nearest value of the type. */
    private void saturate(int result, BinaryOperator operator, Type type, Source a, Source b) {
        if (type == Type.U64) {
            code.move(result, new Source.Imm(-1));
            return;
        }
        if (operator != BinaryOperator.MUL && b instanceof Source.Imm(long constant)) {
            boolean upwards = constant < 0 == (operator == BinaryOperator.SUB);
            code.move(result, new Source.Imm(upwards ? Long.MAX_VALUE : Long.MIN_VALUE));
            return;
        }
        // 2^63 - 1, or its complement -2^63 where the sign is negative.
        code.move(result, a);
        if (operator == BinaryOperator.MUL) {
            code.alu(AluOp.XOR, result, b);
        }
        code.alu(AluOp.ARSH, result, new Source.Imm(SIGN_SHIFT));
        code.alu(AluOp.XOR, result, new Source.Imm(Long.MAX_VALUE));
    }
}
