package dev.gbpf.cuda.ptx;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.ByteSwapKind;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Register;

/** Arithmetic, moves and comparisons: RFC 9669, sections 4.1 to 4.3, in PTX, whose shifts and divisions are others at their edges. */
final class ArithmeticEmitter {
    private static final int BITS_64 = 64;
    private static final int BITS_32 = 32;

    private final PtxWriter out;
    private boolean calls;

    ArithmeticEmitter(PtxWriter out) {
        this.out = out;
    }

    /** Whether there is a division of 64 bits, which the assembler makes a call of a function of its own. */
    boolean calls() {
        return calls;
    }

    /** The register of the machine that holds one of the program. */
    static String name(Register register) {
        return "%" + register;
    }

    void alu(Instruction.Alu alu) {
        String d = name(alu.dst());
        if (alu.is64()) {
            out.op("mov.b64", d, compute(alu.op(), BITS_64, d, operand(alu.src(), BITS_64), alu.src()));
            return;
        }
        String x = out.low(d);
        String y = operand(alu.src(), BITS_32);
        out.op("cvt.u64.u32", d, compute(alu.op(), BITS_32, x, y, alu.src()));
    }

    private String operand(Operand operand, int bits) {
        return switch (operand) {
            case Register register -> bits == BITS_64 ? name(register) : out.low(name(register));
            case Immediate imm -> Integer.toString(imm.value());
        };
    }

    private String value(int bits, String opcode, Object... operands) {
        return bits == BITS_64 ? out.wide(opcode + "64", operands) : out.word(opcode + "32", operands);
    }

    private String compute(AluOp op, int bits, String x, String y, Operand operand) {
        return switch (op) {
            case ADD -> value(bits, "add.u", x, y);
            case SUB -> value(bits, "sub.u", x, y);
            case MUL -> value(bits, "mul.lo.u", x, y);
            case OR -> value(bits, "or.b", x, y);
            case AND -> value(bits, "and.b", x, y);
            case XOR -> value(bits, "xor.b", x, y);
            case LSH -> value(bits, "shl.b", x, shift(operand, y, bits));
            case RSH -> value(bits, "shr.u", x, shift(operand, y, bits));
            case ARSH -> value(bits, "shr.s", x, shift(operand, y, bits));
            case DIV, MOD, SDIV, SMOD ->
                operand instanceof Immediate imm ? divideByConstant(op, bits, x, imm.value()) : divide(op, bits, x, y);
        };
    }

    /** Counts of shifts are masked here, and clamped by the machine. */
    private String shift(Operand operand, String y, int bits) {
        if (operand instanceof Immediate imm) {
            return Long.toString(imm.value() & (bits - 1));
        }
        return out.word("and.b32", bits == BITS_64 ? out.low(y) : y, bits - 1);
    }

    /** By zero, and the least number by -1, the machine's result is not defined; no division traps. */
    private String divide(AluOp op, int bits, String x, String y) {
        boolean signed = op == AluOp.SDIV || op == AluOp.SMOD;
        boolean quotient = op == AluOp.DIV || op == AluOp.SDIV;
        String type = signed ? "s" : "u";
        String isZero = out.predicate("setp.eq.u" + bits, y, 0);
        String result = machines((quotient ? "div." : "rem.") + type, bits, x, y);
        if (signed) {
            String isMinusOne = out.predicate("setp.eq.s" + bits, y, -1);
            String byMinusOne = quotient ? value(bits, "neg.s", x) : "0";
            result = value(bits, "selp.b", byMinusOne, result, isMinusOne);
        }
        return value(bits, "selp.b", quotient ? "0" : x, result, isZero);
    }

    private String machines(String division, int bits, Object x, Object y) {
        if (bits == BITS_64) {
            calls = true;
            return value(bits, division, unknown(x), unknown(y));
        }
        return value(bits, division, x, y);
    }

    /** The same value, of which the assembler knows nothing. */
    private String unknown(Object x) {
        return out.wide("xor.b64", PtxFunction.UNKNOWN_ZERO, x);
    }

    private String divideByConstant(AluOp op, int bits, String x, long y) {
        boolean quotient = op == AluOp.DIV || op == AluOp.SDIV;
        if (y == 0) {
            return quotient ? value(bits, "mov.b", 0) : x;
        }
        if (op == AluOp.SDIV || op == AluOp.SMOD) {
            if (y == -1) {
                return quotient ? value(bits, "neg.s", x) : value(bits, "mov.b", 0);
            }
            return machines(quotient ? "div.s" : "rem.s", bits, x, y);
        }
        UnsignedDivision division = UnsignedDivision.by(y, bits);
        String result = division.isShift() ? value(bits, "shr.u", x, division.shift()) : quotient(division, bits, x);
        if (quotient) {
            return result;
        }
        return division.isShift()
                ? value(bits, "and.b", x, y - 1)
                : value(bits, "sub.u", x, value(bits, "mul.lo.u", result, y));
    }

    private String quotient(UnsignedDivision division, int bits, String x) {
        String high = value(bits, "mul.hi.u", x, division.multiplier());
        String rest = value(bits, "shr.u", value(bits, "sub.u", x, high), 1);
        return value(bits, "shr.u", value(bits, "add.u", high, rest), division.shift());
    }

    void mov(Instruction.Mov mov) {
        String d = name(mov.dst());
        switch (mov.src()) {
            case Immediate imm -> out.op("mov.b64", d, mov.is64() ? imm.value() : imm.value() & 0xFFFF_FFFFL);
            case Register src
            when mov.signBits() != 0 && mov.is64() -> out.op("cvt.s64.s" + mov.signBits(), d, name(src));
            case Register src
            when mov.signBits() != 0 -> out.op("cvt.u64.u32", d, out.word("cvt.s32.s" + mov.signBits(), name(src)));
            case Register src when mov.is64() -> out.op("mov.b64", d, name(src));
            case Register src -> out.op("cvt.u64.u32", d, out.low(name(src)));
        }
    }

    void neg(Instruction.Neg neg) {
        String d = name(neg.dst());
        if (neg.is64()) {
            out.op("neg.s64", d, d);
        } else {
            out.op("cvt.u64.u32", d, out.word("neg.s32", out.low(d)));
        }
    }

    /** Conversions to little endian only truncate: registers hold what memory has. */
    void swap(Instruction.ByteSwap swap) {
        String d = name(swap.dst());
        boolean reverses = swap.kind() != ByteSwapKind.LE;
        switch (swap.bits()) {
            case 16 -> {
                if (reverses) {
                    out.op("cvt.u64.u32", d, out.word("prmt.b32", out.low(d), 0, "0x4401"));
                } else {
                    out.op("and.b64", d, d, 0xFFFF);
                }
            }
            case 32 -> out.op("cvt.u64.u32", d, reverses ? reversed(out.low(d)) : out.low(d));
            default -> {
                if (reverses) {
                    String high = out.low(out.wide("shr.u64", d, 32));
                    out.op("mov.b64", d, "{" + reversed(high) + ", " + reversed(out.low(d)) + "}");
                }
            }
        }
    }

    private String reversed(String word) {
        return out.word("prmt.b32", word, 0, "0x0123");
    }

    /** Whether the condition of a jump holds. */
    String condition(Instruction.CondJump jump) {
        int bits = jump.is64() ? BITS_64 : BITS_32;
        String x = operand(jump.left(), bits);
        String y = operand(jump.right(), bits);
        if (jump.op() == JumpOp.SET) {
            return out.predicate("setp.ne.u" + bits, value(bits, "and.b", x, y), 0);
        }
        return out.predicate("setp." + comparison(jump.op()) + bits, x, y);
    }

    private static String comparison(JumpOp op) {
        return switch (op) {
            case EQ -> "eq.u";
            case NE, SET -> "ne.u";
            case GT -> "gt.u";
            case GE -> "ge.u";
            case LT -> "lt.u";
            case LE -> "le.u";
            case SGT -> "gt.s";
            case SGE -> "ge.s";
            case SLT -> "lt.s";
            case SLE -> "le.s";
        };
    }
}
