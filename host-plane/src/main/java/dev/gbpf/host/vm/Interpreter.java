package dev.gbpf.host.vm;

import static dev.gbpf.host.vm.MicroOp.*;

import dev.gbpf.host.helper.HelperCalls;
import dev.gbpf.host.helper.PlaneServices;
import dev.gbpf.host.memory.NativeMemory;

/** Runs the micro-operations of one verified program. Confined to one thread at a time. */
final class Interpreter {
    /*
     * One switch in one method: C2 makes a jump table of it, and its size must stay below the 8,000 bytecodes above which
     * HotSpot compiles nothing. Registers are an array of 16, a power of two: an index masked with length - 1 needs no bounds
     * check. The first source operand and the immediate are taken out of the word before the switch, so that they are on
     * their way while the jump resolves. docs/bench/interpreter.md has the designs that were measured against this one.
     *
     * Between runs the registers keep what the last run left; the verifier has proved that no program reads it.
     */
    private static final long LOW32 = 0xFFFF_FFFFL;

    private static final int REGISTERS = 16;
    /** What a local call saves: where it returns to, and r6 to r9. */
    private static final int SAVED = 5;

    private final long[] code;
    private final long[] constants;
    private final HelperCalls helpers;
    private final long frame;
    private final long[] registers = new long[REGISTERS];
    private final long[] saved = new long[SAVED * (CallFrames.MAX_DEPTH - 1)];

    /**
     * An interpreter.
     *
     * @param stack address of {@link CallFrames#STACK_BYTES} bytes
     */
    Interpreter(PredecodedProgram program, HelperCalls helpers, long stack) {
        this.code = program.code();
        this.constants = program.constants();
        this.helpers = helpers;
        this.frame = stack + CallFrames.FRAME_BYTES;
    }

    /** Runs the program once, and gives {@code r0}. */
    long run(long r1, long r2, PlaneServices services) {
        long[] r = registers;
        r[1] = r1;
        r[2] = r2;
        r[10] = frame;
        return execute(code, r, services);
    }

    private long execute(long[] code, long[] r, PlaneServices services) {
        int m = r.length - 1;
        int pc = 0;
        int depth = 0;
        while (true) {
            long w = code[pc++];
            long a = r[a(w, m)];
            int imm = imm(w);
            switch (opcode(w)) {
                case ALU64_REG + ADD -> r[d(w, m)] = a + r[b(w, m)];
                case ALU64_REG + SUB -> r[d(w, m)] = a - r[b(w, m)];
                case ALU64_REG + MUL -> r[d(w, m)] = a * r[b(w, m)];
                case ALU64_REG + DIV -> r[d(w, m)] = Arithmetic.divide(a, r[b(w, m)]);
                case ALU64_REG + OR -> r[d(w, m)] = a | r[b(w, m)];
                case ALU64_REG + AND -> r[d(w, m)] = a & r[b(w, m)];
                case ALU64_REG + LSH -> r[d(w, m)] = a << r[b(w, m)];
                case ALU64_REG + RSH -> r[d(w, m)] = a >>> r[b(w, m)];
                case ALU64_REG + MOD -> r[d(w, m)] = Arithmetic.remainder(a, r[b(w, m)]);
                case ALU64_REG + XOR -> r[d(w, m)] = a ^ r[b(w, m)];
                case ALU64_REG + ARSH -> r[d(w, m)] = a >> r[b(w, m)];
                case ALU64_REG + SDIV -> r[d(w, m)] = Arithmetic.divideSigned(a, r[b(w, m)]);
                case ALU64_REG + SMOD -> r[d(w, m)] = Arithmetic.remainderSigned(a, r[b(w, m)]);
                case ALU64_IMM + ADD -> r[d(w, m)] = a + imm;
                case ALU64_IMM + SUB -> r[d(w, m)] = a - imm;
                case ALU64_IMM + MUL -> r[d(w, m)] = a * imm;
                case ALU64_IMM + DIV -> r[d(w, m)] = Arithmetic.divide(a, imm);
                case ALU64_IMM + OR -> r[d(w, m)] = a | imm;
                case ALU64_IMM + AND -> r[d(w, m)] = a & imm;
                case ALU64_IMM + LSH -> r[d(w, m)] = a << imm;
                case ALU64_IMM + RSH -> r[d(w, m)] = a >>> imm;
                case ALU64_IMM + MOD -> r[d(w, m)] = Arithmetic.remainder(a, imm);
                case ALU64_IMM + XOR -> r[d(w, m)] = a ^ imm;
                case ALU64_IMM + ARSH -> r[d(w, m)] = a >> imm;
                case ALU64_IMM + SDIV -> r[d(w, m)] = Arithmetic.divideSigned(a, imm);
                case ALU64_IMM + SMOD -> r[d(w, m)] = Arithmetic.remainderSigned(a, imm);
                case ALU32_REG + ADD -> r[d(w, m)] = low((int) a + (int) r[b(w, m)]);
                case ALU32_REG + SUB -> r[d(w, m)] = low((int) a - (int) r[b(w, m)]);
                case ALU32_REG + MUL -> r[d(w, m)] = low((int) a * (int) r[b(w, m)]);
                case ALU32_REG + DIV -> r[d(w, m)] = low(Arithmetic.divide((int) a, (int) r[b(w, m)]));
                case ALU32_REG + OR -> r[d(w, m)] = low((int) a | (int) r[b(w, m)]);
                case ALU32_REG + AND -> r[d(w, m)] = low((int) a & (int) r[b(w, m)]);
                case ALU32_REG + LSH -> r[d(w, m)] = low((int) a << (int) r[b(w, m)]);
                case ALU32_REG + RSH -> r[d(w, m)] = low((int) a >>> (int) r[b(w, m)]);
                case ALU32_REG + MOD -> r[d(w, m)] = low(Arithmetic.remainder((int) a, (int) r[b(w, m)]));
                case ALU32_REG + XOR -> r[d(w, m)] = low((int) a ^ (int) r[b(w, m)]);
                case ALU32_REG + ARSH -> r[d(w, m)] = low((int) a >> (int) r[b(w, m)]);
                case ALU32_REG + SDIV -> r[d(w, m)] = low(Arithmetic.divideSigned((int) a, (int) r[b(w, m)]));
                case ALU32_REG + SMOD -> r[d(w, m)] = low(Arithmetic.remainderSigned((int) a, (int) r[b(w, m)]));
                case ALU32_IMM + ADD -> r[d(w, m)] = low((int) a + imm);
                case ALU32_IMM + SUB -> r[d(w, m)] = low((int) a - imm);
                case ALU32_IMM + MUL -> r[d(w, m)] = low((int) a * imm);
                case ALU32_IMM + DIV -> r[d(w, m)] = low(Arithmetic.divide((int) a, imm));
                case ALU32_IMM + OR -> r[d(w, m)] = low((int) a | imm);
                case ALU32_IMM + AND -> r[d(w, m)] = low((int) a & imm);
                case ALU32_IMM + LSH -> r[d(w, m)] = low((int) a << imm);
                case ALU32_IMM + RSH -> r[d(w, m)] = low((int) a >>> imm);
                case ALU32_IMM + MOD -> r[d(w, m)] = low(Arithmetic.remainder((int) a, imm));
                case ALU32_IMM + XOR -> r[d(w, m)] = low((int) a ^ imm);
                case ALU32_IMM + ARSH -> r[d(w, m)] = low((int) a >> imm);
                case ALU32_IMM + SDIV -> r[d(w, m)] = low(Arithmetic.divideSigned((int) a, imm));
                case ALU32_IMM + SMOD -> r[d(w, m)] = low(Arithmetic.remainderSigned((int) a, imm));
                case MOV64 -> r[d(w, m)] = a;
                case MOV_IMM -> r[d(w, m)] = imm;
                case MOV_CONSTANT -> r[d(w, m)] = constants[imm];
                case MOV32 -> r[d(w, m)] = a & LOW32;
                case ZEXT16 -> r[d(w, m)] = a & 0xFFFF;
                case SEXT64_8 -> r[d(w, m)] = (byte) a;
                case SEXT64_16 -> r[d(w, m)] = (short) a;
                case SEXT64_32 -> r[d(w, m)] = (int) a;
                case SEXT32_8 -> r[d(w, m)] = (byte) a & LOW32;
                case SEXT32_16 -> r[d(w, m)] = (short) a & LOW32;
                case NEG64 -> r[d(w, m)] = -a;
                case NEG32 -> r[d(w, m)] = -(int) a & LOW32;
                case SWAP16 -> r[d(w, m)] = Short.reverseBytes((short) a) & 0xFFFFL;
                case SWAP32 -> r[d(w, m)] = Integer.reverseBytes((int) a) & LOW32;
                case SWAP64 -> r[d(w, m)] = Long.reverseBytes(a);
                case LOAD8 -> r[d(w, m)] = NativeMemory.getByte(a + imm) & 0xFFL;
                case LOAD16 -> r[d(w, m)] = NativeMemory.getShort(a + imm) & 0xFFFFL;
                case LOAD32 -> r[d(w, m)] = NativeMemory.getInt(a + imm) & LOW32;
                case LOAD64 -> r[d(w, m)] = NativeMemory.getLong(a + imm);
                case LOADS8 -> r[d(w, m)] = NativeMemory.getByte(a + imm);
                case LOADS16 -> r[d(w, m)] = NativeMemory.getShort(a + imm);
                case LOADS32 -> r[d(w, m)] = NativeMemory.getInt(a + imm);
                case STORE8 -> NativeMemory.putByte(a + imm, (byte) r[b(w, m)]);
                case STORE16 -> NativeMemory.putShort(a + imm, (short) r[b(w, m)]);
                case STORE32 -> NativeMemory.putInt(a + imm, (int) r[b(w, m)]);
                case STORE64 -> NativeMemory.putLong(a + imm, r[b(w, m)]);
                case STORE8_IMM -> NativeMemory.putByte(a + offset(w), (byte) imm);
                case STORE16_IMM -> NativeMemory.putShort(a + offset(w), (short) imm);
                case STORE32_IMM -> NativeMemory.putInt(a + offset(w), imm);
                case STORE64_IMM -> NativeMemory.putLong(a + offset(w), imm);
                case ATOMIC -> AtomicKind.apply(d(w, m), a + imm, r[b(w, m)], 0);
                case ATOMIC_FETCH -> r[b(w, m)] = AtomicKind.apply(d(w, m), a + imm, r[b(w, m)], 0);
                case ATOMIC_COMPARE -> r[0] = AtomicKind.apply(d(w, m), a + imm, r[b(w, m)], r[0]);
                case JUMP64_REG + JEQ -> {
                    if (a == r[d(w, m)]) {
                        pc += offset(w);
                    }
                }
                case JUMP64_REG + JGT -> {
                    if (Long.compareUnsigned(a, r[d(w, m)]) > 0) {
                        pc += offset(w);
                    }
                }
                case JUMP64_REG + JGE -> {
                    if (Long.compareUnsigned(a, r[d(w, m)]) >= 0) {
                        pc += offset(w);
                    }
                }
                case JUMP64_REG + JSET -> {
                    if ((a & r[d(w, m)]) != 0) {
                        pc += offset(w);
                    }
                }
                case JUMP64_REG + JNE -> {
                    if (a != r[d(w, m)]) {
                        pc += offset(w);
                    }
                }
                case JUMP64_REG + JSGT -> {
                    if (a > r[d(w, m)]) {
                        pc += offset(w);
                    }
                }
                case JUMP64_REG + JSGE -> {
                    if (a >= r[d(w, m)]) {
                        pc += offset(w);
                    }
                }
                case JUMP64_REG + JLT -> {
                    if (Long.compareUnsigned(a, r[d(w, m)]) < 0) {
                        pc += offset(w);
                    }
                }
                case JUMP64_REG + JLE -> {
                    if (Long.compareUnsigned(a, r[d(w, m)]) <= 0) {
                        pc += offset(w);
                    }
                }
                case JUMP64_REG + JSLT -> {
                    if (a < r[d(w, m)]) {
                        pc += offset(w);
                    }
                }
                case JUMP64_REG + JSLE -> {
                    if (a <= r[d(w, m)]) {
                        pc += offset(w);
                    }
                }
                case JUMP64_IMM + JEQ -> {
                    if (a == imm) {
                        pc += offset(w);
                    }
                }
                case JUMP64_IMM + JGT -> {
                    if (Long.compareUnsigned(a, imm) > 0) {
                        pc += offset(w);
                    }
                }
                case JUMP64_IMM + JGE -> {
                    if (Long.compareUnsigned(a, imm) >= 0) {
                        pc += offset(w);
                    }
                }
                case JUMP64_IMM + JSET -> {
                    if ((a & imm) != 0) {
                        pc += offset(w);
                    }
                }
                case JUMP64_IMM + JNE -> {
                    if (a != imm) {
                        pc += offset(w);
                    }
                }
                case JUMP64_IMM + JSGT -> {
                    if (a > imm) {
                        pc += offset(w);
                    }
                }
                case JUMP64_IMM + JSGE -> {
                    if (a >= imm) {
                        pc += offset(w);
                    }
                }
                case JUMP64_IMM + JLT -> {
                    if (Long.compareUnsigned(a, imm) < 0) {
                        pc += offset(w);
                    }
                }
                case JUMP64_IMM + JLE -> {
                    if (Long.compareUnsigned(a, imm) <= 0) {
                        pc += offset(w);
                    }
                }
                case JUMP64_IMM + JSLT -> {
                    if (a < imm) {
                        pc += offset(w);
                    }
                }
                case JUMP64_IMM + JSLE -> {
                    if (a <= imm) {
                        pc += offset(w);
                    }
                }
                case JUMP32_REG + JEQ -> {
                    if ((int) a == (int) r[d(w, m)]) {
                        pc += offset(w);
                    }
                }
                case JUMP32_REG + JGT -> {
                    if (Integer.compareUnsigned((int) a, (int) r[d(w, m)]) > 0) {
                        pc += offset(w);
                    }
                }
                case JUMP32_REG + JGE -> {
                    if (Integer.compareUnsigned((int) a, (int) r[d(w, m)]) >= 0) {
                        pc += offset(w);
                    }
                }
                case JUMP32_REG + JSET -> {
                    if (((int) a & (int) r[d(w, m)]) != 0) {
                        pc += offset(w);
                    }
                }
                case JUMP32_REG + JNE -> {
                    if ((int) a != (int) r[d(w, m)]) {
                        pc += offset(w);
                    }
                }
                case JUMP32_REG + JSGT -> {
                    if ((int) a > (int) r[d(w, m)]) {
                        pc += offset(w);
                    }
                }
                case JUMP32_REG + JSGE -> {
                    if ((int) a >= (int) r[d(w, m)]) {
                        pc += offset(w);
                    }
                }
                case JUMP32_REG + JLT -> {
                    if (Integer.compareUnsigned((int) a, (int) r[d(w, m)]) < 0) {
                        pc += offset(w);
                    }
                }
                case JUMP32_REG + JLE -> {
                    if (Integer.compareUnsigned((int) a, (int) r[d(w, m)]) <= 0) {
                        pc += offset(w);
                    }
                }
                case JUMP32_REG + JSLT -> {
                    if ((int) a < (int) r[d(w, m)]) {
                        pc += offset(w);
                    }
                }
                case JUMP32_REG + JSLE -> {
                    if ((int) a <= (int) r[d(w, m)]) {
                        pc += offset(w);
                    }
                }
                case JUMP32_IMM + JEQ -> {
                    if ((int) a == imm) {
                        pc += offset(w);
                    }
                }
                case JUMP32_IMM + JGT -> {
                    if (Integer.compareUnsigned((int) a, imm) > 0) {
                        pc += offset(w);
                    }
                }
                case JUMP32_IMM + JGE -> {
                    if (Integer.compareUnsigned((int) a, imm) >= 0) {
                        pc += offset(w);
                    }
                }
                case JUMP32_IMM + JSET -> {
                    if (((int) a & imm) != 0) {
                        pc += offset(w);
                    }
                }
                case JUMP32_IMM + JNE -> {
                    if ((int) a != imm) {
                        pc += offset(w);
                    }
                }
                case JUMP32_IMM + JSGT -> {
                    if ((int) a > imm) {
                        pc += offset(w);
                    }
                }
                case JUMP32_IMM + JSGE -> {
                    if ((int) a >= imm) {
                        pc += offset(w);
                    }
                }
                case JUMP32_IMM + JLT -> {
                    if (Integer.compareUnsigned((int) a, imm) < 0) {
                        pc += offset(w);
                    }
                }
                case JUMP32_IMM + JLE -> {
                    if (Integer.compareUnsigned((int) a, imm) <= 0) {
                        pc += offset(w);
                    }
                }
                case JUMP32_IMM + JSLT -> {
                    if ((int) a < imm) {
                        pc += offset(w);
                    }
                }
                case JUMP32_IMM + JSLE -> {
                    if ((int) a <= imm) {
                        pc += offset(w);
                    }
                }
                case COUNT_REG + JEQ -> {
                    a += imm;
                    r[a(w, m)] = a;
                    if (a == r[d(w, m)]) {
                        pc += offset(w);
                    }
                }
                case COUNT_REG + JGT -> {
                    a += imm;
                    r[a(w, m)] = a;
                    if (Long.compareUnsigned(a, r[d(w, m)]) > 0) {
                        pc += offset(w);
                    }
                }
                case COUNT_REG + JGE -> {
                    a += imm;
                    r[a(w, m)] = a;
                    if (Long.compareUnsigned(a, r[d(w, m)]) >= 0) {
                        pc += offset(w);
                    }
                }
                case COUNT_REG + JSET -> {
                    a += imm;
                    r[a(w, m)] = a;
                    if ((a & r[d(w, m)]) != 0) {
                        pc += offset(w);
                    }
                }
                case COUNT_REG + JNE -> {
                    a += imm;
                    r[a(w, m)] = a;
                    if (a != r[d(w, m)]) {
                        pc += offset(w);
                    }
                }
                case COUNT_REG + JSGT -> {
                    a += imm;
                    r[a(w, m)] = a;
                    if (a > r[d(w, m)]) {
                        pc += offset(w);
                    }
                }
                case COUNT_REG + JSGE -> {
                    a += imm;
                    r[a(w, m)] = a;
                    if (a >= r[d(w, m)]) {
                        pc += offset(w);
                    }
                }
                case COUNT_REG + JLT -> {
                    a += imm;
                    r[a(w, m)] = a;
                    if (Long.compareUnsigned(a, r[d(w, m)]) < 0) {
                        pc += offset(w);
                    }
                }
                case COUNT_REG + JLE -> {
                    a += imm;
                    r[a(w, m)] = a;
                    if (Long.compareUnsigned(a, r[d(w, m)]) <= 0) {
                        pc += offset(w);
                    }
                }
                case COUNT_REG + JSLT -> {
                    a += imm;
                    r[a(w, m)] = a;
                    if (a < r[d(w, m)]) {
                        pc += offset(w);
                    }
                }
                case COUNT_REG + JSLE -> {
                    a += imm;
                    r[a(w, m)] = a;
                    if (a <= r[d(w, m)]) {
                        pc += offset(w);
                    }
                }
                case COUNT_IMM + JEQ -> {
                    a += addend(w);
                    r[a(w, m)] = a;
                    if (a == imm) {
                        pc += offset(w);
                    }
                }
                case COUNT_IMM + JGT -> {
                    a += addend(w);
                    r[a(w, m)] = a;
                    if (Long.compareUnsigned(a, imm) > 0) {
                        pc += offset(w);
                    }
                }
                case COUNT_IMM + JGE -> {
                    a += addend(w);
                    r[a(w, m)] = a;
                    if (Long.compareUnsigned(a, imm) >= 0) {
                        pc += offset(w);
                    }
                }
                case COUNT_IMM + JSET -> {
                    a += addend(w);
                    r[a(w, m)] = a;
                    if ((a & imm) != 0) {
                        pc += offset(w);
                    }
                }
                case COUNT_IMM + JNE -> {
                    a += addend(w);
                    r[a(w, m)] = a;
                    if (a != imm) {
                        pc += offset(w);
                    }
                }
                case COUNT_IMM + JSGT -> {
                    a += addend(w);
                    r[a(w, m)] = a;
                    if (a > imm) {
                        pc += offset(w);
                    }
                }
                case COUNT_IMM + JSGE -> {
                    a += addend(w);
                    r[a(w, m)] = a;
                    if (a >= imm) {
                        pc += offset(w);
                    }
                }
                case COUNT_IMM + JLT -> {
                    a += addend(w);
                    r[a(w, m)] = a;
                    if (Long.compareUnsigned(a, imm) < 0) {
                        pc += offset(w);
                    }
                }
                case COUNT_IMM + JLE -> {
                    a += addend(w);
                    r[a(w, m)] = a;
                    if (Long.compareUnsigned(a, imm) <= 0) {
                        pc += offset(w);
                    }
                }
                case COUNT_IMM + JSLT -> {
                    a += addend(w);
                    r[a(w, m)] = a;
                    if (a < imm) {
                        pc += offset(w);
                    }
                }
                case COUNT_IMM + JSLE -> {
                    a += addend(w);
                    r[a(w, m)] = a;
                    if (a <= imm) {
                        pc += offset(w);
                    }
                }
                case JUMP -> pc += imm;
                case CALL_HELPER -> r[0] = helpers.call(imm, r[1], r[2], r[3], r[4], r[5], services);
                case CALL_LOCAL -> {
                    enter(depth++, pc, r);
                    pc += imm;
                }
                case EXIT -> {
                    if (depth == 0) {
                        return r[0];
                    }
                    pc = leave(--depth, r);
                }
                default -> throw new IllegalStateException("no micro-operation has opcode=" + opcode(w));
            }
        }
    }

    /** A 32-bit result in a register. */
    private static long low(int result) {
        return result & LOW32;
    }

    private static int a(long w, int m) {
        return (int) (w >>> 12) & m;
    }

    private static int b(long w, int m) {
        return (int) (w >>> 16) & m;
    }

    private static int d(long w, int m) {
        return (int) (w >>> 8) & m;
    }

    /** Enters a function; deeper than the frames reach the array of saved registers ends. */
    private void enter(int depth, int returnTo, long[] r) {
        long[] s = saved;
        int top = depth * SAVED;
        s[top] = returnTo;
        s[top + 1] = r[6];
        s[top + 2] = r[7];
        s[top + 3] = r[8];
        s[top + 4] = r[9];
        r[10] += CallFrames.FRAME_BYTES;
    }

    /** Leaves a function, and gives where it returns to. */
    private int leave(int depth, long[] r) {
        long[] s = saved;
        int top = depth * SAVED;
        r[6] = s[top + 1];
        r[7] = s[top + 2];
        r[8] = s[top + 3];
        r[9] = s[top + 4];
        r[10] -= CallFrames.FRAME_BYTES;
        return (int) s[top];
    }
}
