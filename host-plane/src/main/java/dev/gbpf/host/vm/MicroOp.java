package dev.gbpf.host.vm;

import dev.gbpf.isa.Register;

/**
 * The micro-operations that the interpreter runs, one {@code long} each:
 *
 * <pre>
 *  63                    32 31        20 19  16 15  12 11   8 7        0
 * +------------------------+------------+------+------+------+----------+
 * |          imm           |            |  B   |  A   |  D   |  opcode  |   arithmetic, loads, stores of registers
 * +------------------------+------------+------+------+------+----------+
 * |          imm           |      offset       |  A   | B, n |  opcode  |   conditional jumps, stores of immediates
 * +------------------------+-------------------+------+------+----------+
 * </pre>
 *
 * Arithmetic has three addresses, {@code D = A op B} or {@code D = A op imm}, so that a move and the operation after it are
 * one micro-operation. A jump's offset counts micro-operations from the next one. {@code n} is a small signed addend.
 */
final class MicroOp {
    /** The operations of {@link dev.gbpf.isa.AluOp} in its order, from each of these bases. */
    static final int ALU64_REG = 0;

    static final int ALU64_IMM = 13;
    static final int ALU32_REG = 26;
    static final int ALU32_IMM = 39;

    static final int ADD = 0;
    static final int SUB = 1;
    static final int MUL = 2;
    static final int DIV = 3;
    static final int OR = 4;
    static final int AND = 5;
    static final int LSH = 6;
    static final int RSH = 7;
    static final int MOD = 8;
    static final int XOR = 9;
    static final int ARSH = 10;
    static final int SDIV = 11;
    static final int SMOD = 12;

    /** {@code D = A}. */
    static final int MOV64 = 52;
    /** {@code D = imm}, sign-extended. */
    static final int MOV_IMM = 53;
    /** {@code D = constants[imm]}. */
    static final int MOV_CONSTANT = 54;
    /** {@code D = (u32) A}; also a conversion of 32 bits to little endian. */
    static final int MOV32 = 55;
    /** {@code D = (u16) A}: a conversion of 16 bits to little endian. */
    static final int ZEXT16 = 56;

    static final int SEXT64_8 = 57;
    static final int SEXT64_16 = 58;
    static final int SEXT64_32 = 59;
    static final int SEXT32_8 = 60;
    static final int SEXT32_16 = 61;
    static final int NEG64 = 62;
    static final int NEG32 = 63;
    static final int SWAP16 = 64;
    static final int SWAP32 = 65;
    static final int SWAP64 = 66;

    /** {@code D = *(A + imm)}. */
    static final int LOAD8 = 67;

    static final int LOAD16 = 68;
    static final int LOAD32 = 69;
    static final int LOAD64 = 70;
    static final int LOADS8 = 71;
    static final int LOADS16 = 72;
    static final int LOADS32 = 73;

    /** {@code *(A + imm) = B}. */
    static final int STORE8 = 74;

    static final int STORE16 = 75;
    static final int STORE32 = 76;
    static final int STORE64 = 77;

    /** {@code *(A + offset) = imm}. */
    static final int STORE8_IMM = 78;

    static final int STORE16_IMM = 79;
    static final int STORE32_IMM = 80;
    static final int STORE64_IMM = 81;

    /** Atomic operation of kind {@code D} (see {@link AtomicKind}) on {@code *(A + imm)} with {@code B}. */
    static final int ATOMIC = 82;

    /** The conditions of {@link dev.gbpf.isa.JumpOp} in its order, from each of these bases. */
    static final int JUMP64_REG = 83;

    static final int JUMP64_IMM = 94;
    static final int JUMP32_REG = 105;
    static final int JUMP32_IMM = 116;

    static final int JEQ = 0;
    static final int JGT = 1;
    static final int JGE = 2;
    static final int JSET = 3;
    static final int JNE = 4;
    static final int JSGT = 5;
    static final int JSGE = 6;
    static final int JLT = 7;
    static final int JLE = 8;
    static final int JSLT = 9;
    static final int JSLE = 10;

    /** Jump by imm. */
    static final int JUMP = 127;
    /** Helper number imm. */
    static final int CALL_HELPER = 128;
    /** Call of the function at imm micro-operations from the next one. */
    static final int CALL_LOCAL = 129;

    static final int EXIT = 130;

    /** {@code A += imm; if A op B goto offset}, in 64 bits. */
    static final int COUNT_REG = 131;
    /** {@code A += n; if A op imm goto offset}, in 64 bits. */
    static final int COUNT_IMM = 142;

    /** {@link #ATOMIC}, and B becomes what was in memory before. */
    static final int ATOMIC_FETCH = 153;
    /** {@link #ATOMIC} with {@code r0} as the expected value, and r0 becomes what was in memory before. */
    static final int ATOMIC_COMPARE = 154;

    private MicroOp() {}

    /** A word of arithmetic, loads and stores of registers. */
    static long of(int opcode, int d, int a, int b, int imm) {
        return (opcode & 0xFFL) | ((long) d << 8) | ((long) a << 12) | ((long) b << 16) | ((long) imm << 32);
    }

    static long of(int opcode, Register d, Register a) {
        return of(opcode, d.number(), a.number(), 0, 0);
    }

    static long of(int opcode, Register d, Register a, int imm) {
        return of(opcode, d.number(), a.number(), 0, imm);
    }

    static long of(int opcode, int d, Register a, Register b, int imm) {
        return of(opcode, d, a.number(), b.number(), imm);
    }

    static long of(int opcode, Register d, Register a, Register b, int imm) {
        return of(opcode, d.number(), a.number(), b.number(), imm);
    }

    /** A word of conditional jumps and stores of immediates. */
    static long jump(int opcode, int a, int b, int offset, int imm) {
        return (opcode & 0xFFL) | ((b & 15L) << 8) | ((long) a << 12) | ((offset & 0xFFFFL) << 16) | ((long) imm << 32);
    }

    static int opcode(long word) {
        return (int) word & 0xFF;
    }

    static int d(long word) {
        return (int) (word >>> 8) & 15;
    }

    static int a(long word) {
        return (int) (word >>> 12) & 15;
    }

    static int b(long word) {
        return (int) (word >>> 16) & 15;
    }

    static int imm(long word) {
        return (int) (word >>> 32);
    }

    static int offset(long word) {
        return (int) word >> 16;
    }

    /** {@code n} of a word of the second form, -8 to 7. */
    static int addend(long word) {
        return (int) word << 20 >> 28;
    }
}
