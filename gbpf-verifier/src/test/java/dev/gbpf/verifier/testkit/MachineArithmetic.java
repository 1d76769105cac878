package dev.gbpf.verifier.testkit;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.ByteSwapKind;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.JumpOp;

/** What operators and comparisons give, written from RFC 9669 alone. */
public final class MachineArithmetic {
    private MachineArithmetic() {}

    /** 64-bit arithmetic. */
    public static long alu64(AluOp op, long a, long b) {
        return switch (op) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> b == 0 ? 0 : Long.divideUnsigned(a, b);
            case OR -> a | b;
            case AND -> a & b;
            case LSH -> a << (b & 63);
            case RSH -> a >>> (b & 63);
            case MOD -> b == 0 ? a : Long.remainderUnsigned(a, b);
            case XOR -> a ^ b;
            case ARSH -> a >> (b & 63);
            case SDIV -> b == 0 ? 0 : a / b;
            case SMOD -> b == 0 ? a : a % b;
        };
    }

    /** 32-bit arithmetic; the result is zero-extended. */
    public static long alu32(AluOp op, int a, int b) {
        int result = switch (op) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> b == 0 ? 0 : Integer.divideUnsigned(a, b);
            case OR -> a | b;
            case AND -> a & b;
            case LSH -> a << (b & 31);
            case RSH -> a >>> (b & 31);
            case MOD -> b == 0 ? a : Integer.remainderUnsigned(a, b);
            case XOR -> a ^ b;
            case ARSH -> a >> (b & 31);
            case SDIV -> b == 0 ? 0 : a / b;
            case SMOD -> b == 0 ? a : a % b;
        };
        return result & 0xFFFF_FFFFL;
    }

    /** A byte swap, or a truncation where the order is the same. */
    public static long swap(Instruction.ByteSwap i, long value) {
        if (i.kind() == ByteSwapKind.LE) {
            return i.bits() == 64 ? value : value & ((1L << i.bits()) - 1);
        }
        return switch (i.bits()) {
            case 16 -> Short.reverseBytes((short) value) & 0xFFFFL;
            case 32 -> Integer.reverseBytes((int) value) & 0xFFFF_FFFFL;
            default -> Long.reverseBytes(value);
        };
    }

    /** A 32-bit comparison. */
    public static boolean compare32(JumpOp op, int a, int b) {
        return switch (op) {
            case SGT, SGE, SLT, SLE -> compare(op, a, b);
            case EQ, GT, GE, SET, NE, LT, LE -> compare(op, Integer.toUnsignedLong(a), Integer.toUnsignedLong(b));
        };
    }

    /** A 64-bit comparison. */
    public static boolean compare(JumpOp op, long a, long b) {
        return switch (op) {
            case EQ -> a == b;
            case GT -> Long.compareUnsigned(a, b) > 0;
            case GE -> Long.compareUnsigned(a, b) >= 0;
            case SET -> (a & b) != 0;
            case NE -> a != b;
            case SGT -> a > b;
            case SGE -> a >= b;
            case LT -> Long.compareUnsigned(a, b) < 0;
            case LE -> Long.compareUnsigned(a, b) <= 0;
            case SLT -> a < b;
            case SLE -> a <= b;
        };
    }
}
