package dev.gbpf.host.vm;

import dev.gbpf.isa.Register;

/**
 * The micro-operations that the interpreter runs, one {@code long} each:
 *
 * <pre>
 *  63                    32 31               16 15  12 11   8 7        0
 * +------------------------+------------+------+------+------+----------+
 * |          imm           |            |  B   |  A   |  D   |  opcode  |
 * +------------------------+------------+------+------+------+----------+
 * |          imm           |      offset       |  A   |  D   |  opcode  |   jumps, stores of immediates
 * +------------------------+-------------------+------+------+----------+
 * </pre>
 *
 * Arithmetic has three addresses, {@code D = A op B} or {@code D = A op imm}, so that a move and the operation after it are
 * one micro-operation. A jump's offset counts words from the next one.
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
    /** {@code D} = the next word. */
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

    /** {@code *(A + offset) = imm}, where D is 0 to 3 for 1, 2, 4 or 8 bytes. */
    static final int STORE_IMM = 78;

    /** Atomic operation of kind {@code D} (see {@link AtomicKind}) on {@code *(A + imm)} with {@code B}. */
    static final int ATOMIC = 79;

    /** {@code if A op D goto offset} or {@code if A op imm goto offset}, in the order of {@link dev.gbpf.isa.JumpOp}. */
    static final int JUMP64_REG = 80;

    static final int JUMP64_IMM = 91;
    static final int JUMP32_REG = 102;
    static final int JUMP32_IMM = 113;

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

    /** Jump by offset. */
    static final int JUMP = 124;
    /** Helper number imm. */
    static final int CALL_HELPER = 125;
    /** Call of the function at word imm of the program. */
    static final int CALL_LOCAL = 126;

    static final int EXIT = 127;

    /**
     * {@code D = A + imm} in 64 bits and the conditional jump in the next word, whose A is this D, in one. The conditions
     * follow in the order of {@link dev.gbpf.isa.JumpOp}.
     */
    static final int COUNT64_REG = 128;

    static final int COUNT64_IMM = 139;

    /** {@link #ATOMIC}, and B becomes what was in memory before. */
    static final int ATOMIC_FETCH = 150;
    /** {@link #ATOMIC} with {@code r0} as the expected value, and r0 becomes what was in memory before. */
    static final int ATOMIC_COMPARE = 151;
    /** Jump to word imm of the program. */
    static final int JUMP_FAR = 152;
    /** The same as {@link #COUNT64_REG} in 32 bits. */
    static final int COUNT32_REG = 153;

    static final int COUNT32_IMM = 164;
    /** {@code D = (u32) imm}. */
    static final int MOV32_IMM = 175;

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

    /** A word of jumps and stores of immediates. */
    static long of(int opcode, int d, Register a, short offset, int imm) {
        return of(opcode, d, a.number(), 0, imm) | ((offset & 0xFFFFL) << 16);
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
}
