package dev.gbpf.host.jit;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Register;
import java.math.BigInteger;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;

/** Divisions and remainders. By zero the quotient is 0 and the remainder the dividend (RFC 9669, section 4.1). */
final class DivisionEmitter {
    /*
     * Unsigned division of 64 bits by a constant is a multiplication by its reciprocal, which the JVM does only for signed
     * numbers: Granlund and Montgomery, "Division by invariant integers using multiplication" (PLDI 1994), figure 4.1. Of
     * 32 bits it is a signed division of 64.
     */
    private static final BigInteger TWO_64 = BigInteger.ONE.shiftLeft(64);

    private final CodeBuilder code;

    DivisionEmitter(CodeBuilder code) {
        this.code = code;
    }

    static boolean handles(AluOp op) {
        return op == AluOp.DIV || op == AluOp.MOD || op == AluOp.SDIV || op == AluOp.SMOD;
    }

    void emit(Instruction.Alu alu) {
        switch (alu.src()) {
            case Immediate imm -> byConstant(alu, alu.is64() ? imm.value() : imm.value() & CodeBuilder.LOW32);
            case Register divisor -> byRegister(alu, divisor);
        }
    }

    private static boolean isRemainder(AluOp op) {
        return op == AluOp.MOD || op == AluOp.SMOD;
    }

    // ---- by a register

    private void byRegister(Instruction.Alu alu, Register divisor) {
        Label divide = new Label();
        Label done = new Label();
        if (alu.is64()) {
            code.load(divisor).op(Opcodes.LCONST_0).op(Opcodes.LCMP).jump(Opcodes.IFNE, divide);
        } else {
            code.loadLow(divisor).jump(Opcodes.IFNE, divide);
        }
        zeroDivisor(alu);
        code.jump(Opcodes.GOTO, done).label(divide);
        if (alu.is64()) {
            code.load(alu.dst()).load(divisor);
            switch (alu.op()) {
                case DIV -> code.callStatic(Long.class, "divideUnsigned", "(JJ)J");
                case MOD -> code.callStatic(Long.class, "remainderUnsigned", "(JJ)J");
                default -> code.op(alu.op() == AluOp.SDIV ? Opcodes.LDIV : Opcodes.LREM);
            }
        } else {
            code.loadLow(alu.dst()).loadLow(divisor);
            switch (alu.op()) {
                case DIV -> code.callStatic(Integer.class, "divideUnsigned", "(II)I");
                case MOD -> code.callStatic(Integer.class, "remainderUnsigned", "(II)I");
                default -> code.op(alu.op() == AluOp.SDIV ? Opcodes.IDIV : Opcodes.IREM);
            }
            code.zeroExtend();
        }
        code.store(alu.dst()).label(done);
    }

    private void zeroDivisor(Instruction.Alu alu) {
        if (!isRemainder(alu.op())) {
            code.op(Opcodes.LCONST_0).store(alu.dst());
        } else if (!alu.is64()) {
            code.loadLow(alu.dst()).zeroExtend().store(alu.dst());
        }
    }

    // ---- by a constant

    private void byConstant(Instruction.Alu alu, long divisor) {
        if (divisor == 0) {
            zeroDivisor(alu);
            return;
        }
        Register dst = alu.dst();
        switch (alu.op()) {
            case SDIV, SMOD -> signed(alu, divisor);
            default -> {
                if (!alu.is64()) {
                    code.load(dst).push(CodeBuilder.LOW32).op(Opcodes.LAND).push(divisor);
                    code.op(alu.op() == AluOp.DIV ? Opcodes.LDIV : Opcodes.LREM);
                } else if (alu.op() == AluOp.DIV) {
                    quotient(dst, divisor);
                } else if (Long.bitCount(divisor) == 1) {
                    code.load(dst).push(divisor - 1).op(Opcodes.LAND);
                } else {
                    code.load(dst);
                    quotient(dst, divisor);
                    code.push(divisor).op(Opcodes.LMUL).op(Opcodes.LSUB);
                }
                code.store(dst);
            }
        }
    }

    private void signed(Instruction.Alu alu, long divisor) {
        boolean quotient = alu.op() == AluOp.SDIV;
        if (alu.is64()) {
            code.load(alu.dst()).push(divisor).op(quotient ? Opcodes.LDIV : Opcodes.LREM);
        } else {
            code.loadLow(alu.dst()).pushInt((int) divisor).op(quotient ? Opcodes.IDIV : Opcodes.IREM);
            code.zeroExtend();
        }
        code.store(alu.dst());
    }

    /** Pushes the unsigned quotient of a register and a constant other than 0. */
    private void quotient(Register dividend, long divisor) {
        if (Long.bitCount(divisor) == 1) {
            code.load(dividend).pushInt(Long.numberOfTrailingZeros(divisor)).op(Opcodes.LUSHR);
            return;
        }
        if (divisor < 0) {
            code.load(dividend).push(divisor).callStatic(Long.class, "divideUnsigned", "(JJ)J");
            return;
        }
        // ceil(log2(divisor)): the reciprocal then has 65 bits, and fewer when a smaller power is exact enough.
        int power = Long.SIZE - Long.numberOfLeadingZeros(divisor - 1);
        for (int shift = 0; shift < power; shift++) {
            BigInteger[] reciprocal = TWO_64.shiftLeft(shift).divideAndRemainder(BigInteger.valueOf(divisor));
            BigInteger factor = reciprocal[0].add(BigInteger.ONE);
            BigInteger error = BigInteger.valueOf(divisor).subtract(reciprocal[1]);
            if (factor.compareTo(TWO_64) < 0 && error.compareTo(BigInteger.ONE.shiftLeft(shift)) <= 0) {
                code.load(dividend).push(factor.longValue()).callStatic(Math.class, "unsignedMultiplyHigh", "(JJ)J");
                code.pushInt(shift).op(Opcodes.LUSHR);
                return;
            }
        }
        BigInteger factor = TWO_64.shiftLeft(power)
                .divide(BigInteger.valueOf(divisor))
                .add(BigInteger.ONE)
                .subtract(TWO_64);
        int high = code.scratch(0);
        code.load(dividend).push(factor.longValue()).callStatic(Math.class, "unsignedMultiplyHigh", "(JJ)J");
        code.storeLong(high);
        code.load(dividend).loadLong(high).op(Opcodes.LSUB).op(Opcodes.ICONST_1).op(Opcodes.LUSHR);
        code.loadLong(high).op(Opcodes.LADD).pushInt(power - 1).op(Opcodes.LUSHR);
    }
}
