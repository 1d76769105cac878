package dev.gbpf.host.vm;

import static dev.gbpf.host.memory.NativeMemory.U16;
import static dev.gbpf.host.memory.NativeMemory.U32;
import static dev.gbpf.host.memory.NativeMemory.U64;
import static dev.gbpf.host.memory.NativeMemory.U8;
import static dev.gbpf.host.vm.MicroOp.*;

import dev.gbpf.host.helper.HelperCalls;
import dev.gbpf.host.helper.PlaneServices;
import dev.gbpf.host.memory.NativeMemory;
import java.lang.foreign.MemorySegment;

/** Runs the micro-operations of one verified program. Confined to one thread at a time. */
final class Interpreter {
    /*
     * One switch in one method. Its shape is what C2 makes good code of; docs/bench/interpreter.md has the figures of this
     * and of other designs.
     *
     * - The method stays below 8,000 bytecodes, above which HotSpot compiles nothing. It calls no small methods of ours:
     *   C2 stops inlining in a method that has grown past DesiredMethodLimit, and then a call for each operand remains.
     * - Fields of the word are taken out once, before the switch. Registers are read in the cases: what several cases compute
     *   from the same values C2 computes before the switch, for all of them, and spills.
     * - A register number is four bits, and there are sixteen registers, so that the bounds check is never true.
     *
     * Between runs the registers keep what the last run left; the verifier has proved that no program reads it.
     */
    private static final MemorySegment MEMORY = NativeMemory.all();

    private static final int OPCODE = 0xFF;
    private static final int NUMBER = 15;
    private static final long LOW32 = 0xFFFF_FFFFL;

    private static final int REGISTERS = 16;
    /** What a local call saves: where it returns to, and r6 to r9. */
    private static final int SAVED = 5;

    private final long[] code;
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
        int pc = 0;
        int depth = 0;
        while (true) {
            long w = code[pc++];
            int d = (int) w >>> 8 & NUMBER;
            int a = (int) w >>> 12 & NUMBER;
            int b = (int) w >>> 16 & NUMBER;
            int offset = (int) w >> 16;
            long imm = w >> 32;
            switch ((int) w & OPCODE) {
                case ALU64_REG + ADD -> r[d] = r[a] + r[b];
                case ALU64_REG + SUB -> r[d] = r[a] - r[b];
                case ALU64_REG + MUL -> r[d] = r[a] * r[b];
                case ALU64_REG + DIV -> r[d] = r[b] == 0 ? 0 : Long.divideUnsigned(r[a], r[b]);
                case ALU64_REG + OR -> r[d] = r[a] | r[b];
                case ALU64_REG + AND -> r[d] = r[a] & r[b];
                case ALU64_REG + LSH -> r[d] = r[a] << r[b];
                case ALU64_REG + RSH -> r[d] = r[a] >>> r[b];
                case ALU64_REG + MOD -> r[d] = r[b] == 0 ? r[a] : Long.remainderUnsigned(r[a], r[b]);
                case ALU64_REG + XOR -> r[d] = r[a] ^ r[b];
                case ALU64_REG + ARSH -> r[d] = r[a] >> r[b];
                case ALU64_REG + SDIV -> r[d] = r[b] == 0 ? 0 : r[a] / r[b];
                case ALU64_REG + SMOD -> r[d] = r[b] == 0 ? r[a] : r[a] % r[b];
                case ALU64_IMM + ADD -> r[d] = r[a] + imm;
                case ALU64_IMM + SUB -> r[d] = r[a] - imm;
                case ALU64_IMM + MUL -> r[d] = r[a] * imm;
                case ALU64_IMM + DIV -> r[d] = imm == 0 ? 0 : Long.divideUnsigned(r[a], imm);
                case ALU64_IMM + OR -> r[d] = r[a] | imm;
                case ALU64_IMM + AND -> r[d] = r[a] & imm;
                case ALU64_IMM + LSH -> r[d] = r[a] << imm;
                case ALU64_IMM + RSH -> r[d] = r[a] >>> imm;
                case ALU64_IMM + MOD -> r[d] = imm == 0 ? r[a] : Long.remainderUnsigned(r[a], imm);
                case ALU64_IMM + XOR -> r[d] = r[a] ^ imm;
                case ALU64_IMM + ARSH -> r[d] = r[a] >> imm;
                case ALU64_IMM + SDIV -> r[d] = imm == 0 ? 0 : r[a] / imm;
                case ALU64_IMM + SMOD -> r[d] = imm == 0 ? r[a] : r[a] % imm;
                case ALU32_REG + ADD -> r[d] = r[a] + r[b] & LOW32;
                case ALU32_REG + SUB -> r[d] = r[a] - r[b] & LOW32;
                case ALU32_REG + MUL -> r[d] = r[a] * r[b] & LOW32;
                case ALU32_REG + DIV ->
                    r[d] = ((int) r[b] == 0 ? 0 : Integer.divideUnsigned((int) r[a], (int) r[b])) & LOW32;
                case ALU32_REG + OR -> r[d] = (r[a] | r[b]) & LOW32;
                case ALU32_REG + AND -> r[d] = r[a] & r[b] & LOW32;
                case ALU32_REG + LSH -> r[d] = r[a] << (r[b] & 31) & LOW32;
                case ALU32_REG + RSH -> r[d] = (int) r[a] >>> r[b] & LOW32;
                case ALU32_REG + MOD ->
                    r[d] = ((int) r[b] == 0 ? (int) r[a] : Integer.remainderUnsigned((int) r[a], (int) r[b])) & LOW32;
                case ALU32_REG + XOR -> r[d] = (r[a] ^ r[b]) & LOW32;
                case ALU32_REG + ARSH -> r[d] = (int) r[a] >> r[b] & LOW32;
                case ALU32_REG + SDIV -> r[d] = ((int) r[b] == 0 ? 0 : (int) r[a] / (int) r[b]) & LOW32;
                case ALU32_REG + SMOD -> r[d] = ((int) r[b] == 0 ? (int) r[a] : (int) r[a] % (int) r[b]) & LOW32;
                case ALU32_IMM + ADD -> r[d] = r[a] + imm & LOW32;
                case ALU32_IMM + SUB -> r[d] = r[a] - imm & LOW32;
                case ALU32_IMM + MUL -> r[d] = r[a] * imm & LOW32;
                case ALU32_IMM + DIV ->
                    r[d] = ((int) imm == 0 ? 0 : Integer.divideUnsigned((int) r[a], (int) imm)) & LOW32;
                case ALU32_IMM + OR -> r[d] = (r[a] | imm) & LOW32;
                case ALU32_IMM + AND -> r[d] = (int) r[a] & (int) imm & LOW32;
                case ALU32_IMM + LSH -> r[d] = r[a] << (imm & 31) & LOW32;
                case ALU32_IMM + RSH -> r[d] = (int) r[a] >>> imm & LOW32;
                case ALU32_IMM + MOD ->
                    r[d] = ((int) imm == 0 ? (int) r[a] : Integer.remainderUnsigned((int) r[a], (int) imm)) & LOW32;
                case ALU32_IMM + XOR -> r[d] = (r[a] ^ imm) & LOW32;
                case ALU32_IMM + ARSH -> r[d] = (int) r[a] >> imm & LOW32;
                case ALU32_IMM + SDIV -> r[d] = ((int) imm == 0 ? 0 : (int) r[a] / (int) imm) & LOW32;
                case ALU32_IMM + SMOD -> r[d] = ((int) imm == 0 ? (int) r[a] : (int) r[a] % (int) imm) & LOW32;
                case MOV64 -> r[d] = r[a];
                case MOV_IMM -> r[d] = imm;
                case MOV_CONSTANT -> r[d] = code[pc++];
                case MOV32_IMM -> r[d] = imm & LOW32;
                case MOV32 -> r[d] = r[a] & LOW32;
                case ZEXT16 -> r[d] = r[a] & 0xFFFF;
                case SEXT64_8 -> r[d] = (byte) r[a];
                case SEXT64_16 -> r[d] = (short) r[a];
                case SEXT64_32 -> r[d] = (int) r[a];
                case SEXT32_8 -> r[d] = (byte) r[a] & LOW32;
                case SEXT32_16 -> r[d] = (short) r[a] & LOW32;
                case NEG64 -> r[d] = -r[a];
                case NEG32 -> r[d] = -r[a] & LOW32;
                case SWAP16 -> r[d] = Short.reverseBytes((short) r[a]) & 0xFFFFL;
                case SWAP32 -> r[d] = Integer.reverseBytes((int) r[a]) & LOW32;
                case SWAP64 -> r[d] = Long.reverseBytes(r[a]);
                case LOAD8 -> r[d] = MEMORY.get(U8, r[a] + imm) & 0xFFL;
                case LOAD16 -> r[d] = MEMORY.get(U16, r[a] + imm) & 0xFFFFL;
                case LOAD32 -> r[d] = MEMORY.get(U32, r[a] + imm) & LOW32;
                case LOAD64 -> r[d] = MEMORY.get(U64, r[a] + imm);
                case LOADS8 -> r[d] = MEMORY.get(U8, r[a] + imm);
                case LOADS16 -> r[d] = MEMORY.get(U16, r[a] + imm);
                case LOADS32 -> r[d] = MEMORY.get(U32, r[a] + imm);
                case STORE8 -> MEMORY.set(U8, r[a] + imm, (byte) r[b]);
                case STORE16 -> MEMORY.set(U16, r[a] + imm, (short) r[b]);
                case STORE32 -> MEMORY.set(U32, r[a] + imm, (int) r[b]);
                case STORE64 -> MEMORY.set(U64, r[a] + imm, r[b]);
                case STORE_IMM -> {
                    long address = r[a] + offset;
                    switch (d) {
                        case 0 -> MEMORY.set(U8, address, (byte) imm);
                        case 1 -> MEMORY.set(U16, address, (short) imm);
                        case 2 -> MEMORY.set(U32, address, (int) imm);
                        default -> MEMORY.set(U64, address, imm);
                    }
                }
                case ATOMIC -> AtomicKind.apply(d, r[a] + imm, r[b], 0);
                case ATOMIC_FETCH -> r[b] = AtomicKind.apply(d, r[a] + imm, r[b], 0);
                case ATOMIC_COMPARE -> r[0] = AtomicKind.apply(d, r[a] + imm, r[b], r[0]);
                case JUMP64_REG + JEQ -> {
                    if (r[a] == r[d]) {
                        pc += offset;
                    }
                }
                case JUMP64_REG + JGT -> {
                    if (Long.compareUnsigned(r[a], r[d]) > 0) {
                        pc += offset;
                    }
                }
                case JUMP64_REG + JGE -> {
                    if (Long.compareUnsigned(r[a], r[d]) >= 0) {
                        pc += offset;
                    }
                }
                case JUMP64_REG + JSET -> {
                    if ((r[a] & r[d]) != 0) {
                        pc += offset;
                    }
                }
                case JUMP64_REG + JNE -> {
                    if (r[a] != r[d]) {
                        pc += offset;
                    }
                }
                case JUMP64_REG + JSGT -> {
                    if (r[a] > r[d]) {
                        pc += offset;
                    }
                }
                case JUMP64_REG + JSGE -> {
                    if (r[a] >= r[d]) {
                        pc += offset;
                    }
                }
                case JUMP64_REG + JLT -> {
                    if (Long.compareUnsigned(r[a], r[d]) < 0) {
                        pc += offset;
                    }
                }
                case JUMP64_REG + JLE -> {
                    if (Long.compareUnsigned(r[a], r[d]) <= 0) {
                        pc += offset;
                    }
                }
                case JUMP64_REG + JSLT -> {
                    if (r[a] < r[d]) {
                        pc += offset;
                    }
                }
                case JUMP64_REG + JSLE -> {
                    if (r[a] <= r[d]) {
                        pc += offset;
                    }
                }
                case JUMP64_IMM + JEQ -> {
                    if (r[a] == imm) {
                        pc += offset;
                    }
                }
                case JUMP64_IMM + JGT -> {
                    if (Long.compareUnsigned(r[a], imm) > 0) {
                        pc += offset;
                    }
                }
                case JUMP64_IMM + JGE -> {
                    if (Long.compareUnsigned(r[a], imm) >= 0) {
                        pc += offset;
                    }
                }
                case JUMP64_IMM + JSET -> {
                    if ((r[a] & imm) != 0) {
                        pc += offset;
                    }
                }
                case JUMP64_IMM + JNE -> {
                    if (r[a] != imm) {
                        pc += offset;
                    }
                }
                case JUMP64_IMM + JSGT -> {
                    if (r[a] > imm) {
                        pc += offset;
                    }
                }
                case JUMP64_IMM + JSGE -> {
                    if (r[a] >= imm) {
                        pc += offset;
                    }
                }
                case JUMP64_IMM + JLT -> {
                    if (Long.compareUnsigned(r[a], imm) < 0) {
                        pc += offset;
                    }
                }
                case JUMP64_IMM + JLE -> {
                    if (Long.compareUnsigned(r[a], imm) <= 0) {
                        pc += offset;
                    }
                }
                case JUMP64_IMM + JSLT -> {
                    if (r[a] < imm) {
                        pc += offset;
                    }
                }
                case JUMP64_IMM + JSLE -> {
                    if (r[a] <= imm) {
                        pc += offset;
                    }
                }
                case JUMP32_REG + JEQ -> {
                    if ((int) r[a] == (int) r[d]) {
                        pc += offset;
                    }
                }
                case JUMP32_REG + JGT -> {
                    if (Integer.compareUnsigned((int) r[a], (int) r[d]) > 0) {
                        pc += offset;
                    }
                }
                case JUMP32_REG + JGE -> {
                    if (Integer.compareUnsigned((int) r[a], (int) r[d]) >= 0) {
                        pc += offset;
                    }
                }
                case JUMP32_REG + JSET -> {
                    if (((int) r[a] & (int) r[d]) != 0) {
                        pc += offset;
                    }
                }
                case JUMP32_REG + JNE -> {
                    if ((int) r[a] != (int) r[d]) {
                        pc += offset;
                    }
                }
                case JUMP32_REG + JSGT -> {
                    if ((int) r[a] > (int) r[d]) {
                        pc += offset;
                    }
                }
                case JUMP32_REG + JSGE -> {
                    if ((int) r[a] >= (int) r[d]) {
                        pc += offset;
                    }
                }
                case JUMP32_REG + JLT -> {
                    if (Integer.compareUnsigned((int) r[a], (int) r[d]) < 0) {
                        pc += offset;
                    }
                }
                case JUMP32_REG + JLE -> {
                    if (Integer.compareUnsigned((int) r[a], (int) r[d]) <= 0) {
                        pc += offset;
                    }
                }
                case JUMP32_REG + JSLT -> {
                    if ((int) r[a] < (int) r[d]) {
                        pc += offset;
                    }
                }
                case JUMP32_REG + JSLE -> {
                    if ((int) r[a] <= (int) r[d]) {
                        pc += offset;
                    }
                }
                case JUMP32_IMM + JEQ -> {
                    if ((int) r[a] == (int) imm) {
                        pc += offset;
                    }
                }
                case JUMP32_IMM + JGT -> {
                    if (Integer.compareUnsigned((int) r[a], (int) imm) > 0) {
                        pc += offset;
                    }
                }
                case JUMP32_IMM + JGE -> {
                    if (Integer.compareUnsigned((int) r[a], (int) imm) >= 0) {
                        pc += offset;
                    }
                }
                case JUMP32_IMM + JSET -> {
                    if (((int) r[a] & (int) imm) != 0) {
                        pc += offset;
                    }
                }
                case JUMP32_IMM + JNE -> {
                    if ((int) r[a] != (int) imm) {
                        pc += offset;
                    }
                }
                case JUMP32_IMM + JSGT -> {
                    if ((int) r[a] > (int) imm) {
                        pc += offset;
                    }
                }
                case JUMP32_IMM + JSGE -> {
                    if ((int) r[a] >= (int) imm) {
                        pc += offset;
                    }
                }
                case JUMP32_IMM + JLT -> {
                    if (Integer.compareUnsigned((int) r[a], (int) imm) < 0) {
                        pc += offset;
                    }
                }
                case JUMP32_IMM + JLE -> {
                    if (Integer.compareUnsigned((int) r[a], (int) imm) <= 0) {
                        pc += offset;
                    }
                }
                case JUMP32_IMM + JSLT -> {
                    if ((int) r[a] < (int) imm) {
                        pc += offset;
                    }
                }
                case JUMP32_IMM + JSLE -> {
                    if ((int) r[a] <= (int) imm) {
                        pc += offset;
                    }
                }
                case COUNT64_REG + JEQ -> {
                    long next = code[pc++];
                    long sum = r[a] + imm;
                    r[d] = sum;
                    if (sum == r[(int) next >>> 8 & 15]) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT64_REG + JGT -> {
                    long next = code[pc++];
                    long sum = r[a] + imm;
                    r[d] = sum;
                    if (Long.compareUnsigned(sum, r[(int) next >>> 8 & 15]) > 0) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT64_REG + JGE -> {
                    long next = code[pc++];
                    long sum = r[a] + imm;
                    r[d] = sum;
                    if (Long.compareUnsigned(sum, r[(int) next >>> 8 & 15]) >= 0) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT64_REG + JSET -> {
                    long next = code[pc++];
                    long sum = r[a] + imm;
                    r[d] = sum;
                    if ((sum & r[(int) next >>> 8 & 15]) != 0) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT64_REG + JNE -> {
                    long next = code[pc++];
                    long sum = r[a] + imm;
                    r[d] = sum;
                    if (sum != r[(int) next >>> 8 & 15]) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT64_REG + JSGT -> {
                    long next = code[pc++];
                    long sum = r[a] + imm;
                    r[d] = sum;
                    if (sum > r[(int) next >>> 8 & 15]) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT64_REG + JSGE -> {
                    long next = code[pc++];
                    long sum = r[a] + imm;
                    r[d] = sum;
                    if (sum >= r[(int) next >>> 8 & 15]) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT64_REG + JLT -> {
                    long next = code[pc++];
                    long sum = r[a] + imm;
                    r[d] = sum;
                    if (Long.compareUnsigned(sum, r[(int) next >>> 8 & 15]) < 0) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT64_REG + JLE -> {
                    long next = code[pc++];
                    long sum = r[a] + imm;
                    r[d] = sum;
                    if (Long.compareUnsigned(sum, r[(int) next >>> 8 & 15]) <= 0) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT64_REG + JSLT -> {
                    long next = code[pc++];
                    long sum = r[a] + imm;
                    r[d] = sum;
                    if (sum < r[(int) next >>> 8 & 15]) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT64_REG + JSLE -> {
                    long next = code[pc++];
                    long sum = r[a] + imm;
                    r[d] = sum;
                    if (sum <= r[(int) next >>> 8 & 15]) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT64_IMM + JEQ -> {
                    long next = code[pc++];
                    long sum = r[a] + imm;
                    r[d] = sum;
                    if (sum == (next >> 32)) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT64_IMM + JGT -> {
                    long next = code[pc++];
                    long sum = r[a] + imm;
                    r[d] = sum;
                    if (Long.compareUnsigned(sum, (next >> 32)) > 0) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT64_IMM + JGE -> {
                    long next = code[pc++];
                    long sum = r[a] + imm;
                    r[d] = sum;
                    if (Long.compareUnsigned(sum, (next >> 32)) >= 0) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT64_IMM + JSET -> {
                    long next = code[pc++];
                    long sum = r[a] + imm;
                    r[d] = sum;
                    if ((sum & (next >> 32)) != 0) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT64_IMM + JNE -> {
                    long next = code[pc++];
                    long sum = r[a] + imm;
                    r[d] = sum;
                    if (sum != (next >> 32)) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT64_IMM + JSGT -> {
                    long next = code[pc++];
                    long sum = r[a] + imm;
                    r[d] = sum;
                    if (sum > (next >> 32)) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT64_IMM + JSGE -> {
                    long next = code[pc++];
                    long sum = r[a] + imm;
                    r[d] = sum;
                    if (sum >= (next >> 32)) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT64_IMM + JLT -> {
                    long next = code[pc++];
                    long sum = r[a] + imm;
                    r[d] = sum;
                    if (Long.compareUnsigned(sum, (next >> 32)) < 0) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT64_IMM + JLE -> {
                    long next = code[pc++];
                    long sum = r[a] + imm;
                    r[d] = sum;
                    if (Long.compareUnsigned(sum, (next >> 32)) <= 0) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT64_IMM + JSLT -> {
                    long next = code[pc++];
                    long sum = r[a] + imm;
                    r[d] = sum;
                    if (sum < (next >> 32)) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT64_IMM + JSLE -> {
                    long next = code[pc++];
                    long sum = r[a] + imm;
                    r[d] = sum;
                    if (sum <= (next >> 32)) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT32_REG + JEQ -> {
                    long next = code[pc++];
                    long sum = r[a] + imm & LOW32;
                    r[d] = sum;
                    if ((int) sum == (int) r[(int) next >>> 8 & 15]) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT32_REG + JGT -> {
                    long next = code[pc++];
                    long sum = r[a] + imm & LOW32;
                    r[d] = sum;
                    if (Integer.compareUnsigned((int) sum, (int) r[(int) next >>> 8 & 15]) > 0) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT32_REG + JGE -> {
                    long next = code[pc++];
                    long sum = r[a] + imm & LOW32;
                    r[d] = sum;
                    if (Integer.compareUnsigned((int) sum, (int) r[(int) next >>> 8 & 15]) >= 0) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT32_REG + JSET -> {
                    long next = code[pc++];
                    long sum = r[a] + imm & LOW32;
                    r[d] = sum;
                    if (((int) sum & (int) r[(int) next >>> 8 & 15]) != 0) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT32_REG + JNE -> {
                    long next = code[pc++];
                    long sum = r[a] + imm & LOW32;
                    r[d] = sum;
                    if ((int) sum != (int) r[(int) next >>> 8 & 15]) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT32_REG + JSGT -> {
                    long next = code[pc++];
                    long sum = r[a] + imm & LOW32;
                    r[d] = sum;
                    if ((int) sum > (int) r[(int) next >>> 8 & 15]) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT32_REG + JSGE -> {
                    long next = code[pc++];
                    long sum = r[a] + imm & LOW32;
                    r[d] = sum;
                    if ((int) sum >= (int) r[(int) next >>> 8 & 15]) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT32_REG + JLT -> {
                    long next = code[pc++];
                    long sum = r[a] + imm & LOW32;
                    r[d] = sum;
                    if (Integer.compareUnsigned((int) sum, (int) r[(int) next >>> 8 & 15]) < 0) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT32_REG + JLE -> {
                    long next = code[pc++];
                    long sum = r[a] + imm & LOW32;
                    r[d] = sum;
                    if (Integer.compareUnsigned((int) sum, (int) r[(int) next >>> 8 & 15]) <= 0) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT32_REG + JSLT -> {
                    long next = code[pc++];
                    long sum = r[a] + imm & LOW32;
                    r[d] = sum;
                    if ((int) sum < (int) r[(int) next >>> 8 & 15]) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT32_REG + JSLE -> {
                    long next = code[pc++];
                    long sum = r[a] + imm & LOW32;
                    r[d] = sum;
                    if ((int) sum <= (int) r[(int) next >>> 8 & 15]) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT32_IMM + JEQ -> {
                    long next = code[pc++];
                    long sum = r[a] + imm & LOW32;
                    r[d] = sum;
                    if ((int) sum == (int) (next >>> 32)) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT32_IMM + JGT -> {
                    long next = code[pc++];
                    long sum = r[a] + imm & LOW32;
                    r[d] = sum;
                    if (Integer.compareUnsigned((int) sum, (int) (next >>> 32)) > 0) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT32_IMM + JGE -> {
                    long next = code[pc++];
                    long sum = r[a] + imm & LOW32;
                    r[d] = sum;
                    if (Integer.compareUnsigned((int) sum, (int) (next >>> 32)) >= 0) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT32_IMM + JSET -> {
                    long next = code[pc++];
                    long sum = r[a] + imm & LOW32;
                    r[d] = sum;
                    if (((int) sum & (int) (next >>> 32)) != 0) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT32_IMM + JNE -> {
                    long next = code[pc++];
                    long sum = r[a] + imm & LOW32;
                    r[d] = sum;
                    if ((int) sum != (int) (next >>> 32)) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT32_IMM + JSGT -> {
                    long next = code[pc++];
                    long sum = r[a] + imm & LOW32;
                    r[d] = sum;
                    if ((int) sum > (int) (next >>> 32)) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT32_IMM + JSGE -> {
                    long next = code[pc++];
                    long sum = r[a] + imm & LOW32;
                    r[d] = sum;
                    if ((int) sum >= (int) (next >>> 32)) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT32_IMM + JLT -> {
                    long next = code[pc++];
                    long sum = r[a] + imm & LOW32;
                    r[d] = sum;
                    if (Integer.compareUnsigned((int) sum, (int) (next >>> 32)) < 0) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT32_IMM + JLE -> {
                    long next = code[pc++];
                    long sum = r[a] + imm & LOW32;
                    r[d] = sum;
                    if (Integer.compareUnsigned((int) sum, (int) (next >>> 32)) <= 0) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT32_IMM + JSLT -> {
                    long next = code[pc++];
                    long sum = r[a] + imm & LOW32;
                    r[d] = sum;
                    if ((int) sum < (int) (next >>> 32)) {
                        pc += (int) next >> 16;
                    }
                }
                case COUNT32_IMM + JSLE -> {
                    long next = code[pc++];
                    long sum = r[a] + imm & LOW32;
                    r[d] = sum;
                    if ((int) sum <= (int) (next >>> 32)) {
                        pc += (int) next >> 16;
                    }
                }
                case JUMP -> pc += offset;
                case JUMP_FAR -> pc = (int) imm;
                case CALL_HELPER -> r[0] = helpers.call((int) imm, r[1], r[2], r[3], r[4], r[5], services);
                case CALL_LOCAL -> {
                    enter(depth++, pc, r);
                    pc = (int) imm;
                }
                case EXIT -> {
                    if (depth == 0) {
                        return r[0];
                    }
                    pc = leave(--depth, r);
                }
                default -> throw new IllegalStateException("there is no micro-operation of opcode=" + opcode(w));
            }
        }
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
