package dev.gbpf.host.vm;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.ByteSwapKind;
import dev.gbpf.isa.JumpOp;

/** What the operations of RFC 9669 compute, one at a time and plainly. */
final class Semantics {
    private static final long LOW32 = 0xFFFF_FFFFL;

    private Semantics() {}

    /** {@code a op b}; the 32-bit form takes the low halves and zero-extends the result (section 4.1). */
    static long alu(AluOp op, boolean is64, long a, long b) {
        return is64 ? alu64(op, a, b) : alu32(op, (int) a, (int) b) & LOW32;
    }

    private static long alu64(AluOp op, long a, long b) {
        return switch (op) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> Arithmetic.divide(a, b);
            case OR -> a | b;
            case AND -> a & b;
            case LSH -> a << (b & 63);
            case RSH -> a >>> (b & 63);
            case MOD -> Arithmetic.remainder(a, b);
            case XOR -> a ^ b;
            case ARSH -> a >> (b & 63);
            case SDIV -> Arithmetic.divideSigned(a, b);
            case SMOD -> Arithmetic.remainderSigned(a, b);
        };
    }

    private static int alu32(AluOp op, int a, int b) {
        return switch (op) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> Arithmetic.divide(a, b);
            case OR -> a | b;
            case AND -> a & b;
            case LSH -> a << (b & 31);
            case RSH -> a >>> (b & 31);
            case MOD -> Arithmetic.remainder(a, b);
            case XOR -> a ^ b;
            case ARSH -> a >> (b & 31);
            case SDIV -> Arithmetic.divideSigned(a, b);
            case SMOD -> Arithmetic.remainderSigned(a, b);
        };
    }

    /** The value of a move (section 4.1); {@code signBits} 0 extends nothing. */
    static long move(boolean is64, int signBits, long value) {
        long extended = signBits == 0 ? value : signExtend(value, signBits);
        return is64 ? extended : extended & LOW32;
    }

    /** The low {@code bits} of a value as a signed number. */
    static long signExtend(long value, int bits) {
        int unused = Long.SIZE - bits;
        return value << unused >> unused;
    }

    /** Byte order conversion on a little-endian machine (section 4.2). */
    static long byteSwap(ByteSwapKind kind, int bits, long value) {
        long low = bits == Long.SIZE ? value : value & ((1L << bits) - 1);
        return kind == ByteSwapKind.LE ? low : Long.reverseBytes(low) >>> (Long.SIZE - bits);
    }

    /** Whether a jump is taken; the 32-bit form compares the low halves (section 4.3). */
    static boolean test(JumpOp op, boolean is64, long left, long right) {
        long a = is64 ? left : (int) left;
        long b = is64 ? right : (int) right;
        return switch (op) {
            case EQ -> a == b;
            case NE -> a != b;
            case SET -> (a & b) != 0;
            // Sign extension keeps the order of unsigned numbers, too.
            case GT -> Long.compareUnsigned(a, b) > 0;
            case GE -> Long.compareUnsigned(a, b) >= 0;
            case LT -> Long.compareUnsigned(a, b) < 0;
            case LE -> Long.compareUnsigned(a, b) <= 0;
            case SGT -> a > b;
            case SGE -> a >= b;
            case SLT -> a < b;
            case SLE -> a <= b;
        };
    }
}
