package dev.gbpf.host.vm;

import static dev.gbpf.host.vm.MicroOp.*;

import dev.gbpf.host.helper.HelperDispatcher;
import dev.gbpf.host.map.ArrayMap;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.ByteSwapKind;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.PseudoKind;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** Turns a program into micro-operations, with jumps and maps resolved and frequent pairs of instructions made one. */
final class Predecoder {
    /*
     * Each instruction becomes one micro-operation, or is merged into that of the instruction before it:
     *
     *   x = y; x = x op z           becomes  x = y op z, when control comes to the second only from the first
     *   x += n; if x op z goto ...  becomes  a counting jump; the jump stays behind it for those who jump there
     *
     * A move of the low half may only precede an operation that reads nothing but the low half.
     */

    private final Program program;
    private final List<? extends BpfMap> maps;
    private final boolean[] isTarget;
    private final long[] code;

    private int length;
    /** Words that are the constant of the micro-operation before them. */
    private final BitSet literals = new BitSet();
    /** The word that each instruction begins at; not meant for one that was merged into a move. */
    private final int[] starts;
    /** The instruction that the micro-operation in a word jumps to, or -1. */
    private final int[] targets;

    private Predecoder(Program program, List<? extends BpfMap> maps) {
        int size = program.size();
        this.program = program;
        this.maps = maps;
        this.isTarget = new boolean[size];
        this.code = new long[program.slots()];
        this.starts = new int[size];
        this.targets = new int[program.slots()];
        Arrays.fill(targets, -1);
    }

    /**
     * Predecodes a program.
     *
     * @param maps the maps that it refers to by index
     * @throws IllegalArgumentException when control could leave the program, a map is not there, or an instruction is one
     *     that the verifier refuses
     */
    static PredecodedProgram predecode(Program program, List<? extends BpfMap> maps) {
        Predecoder predecoder = new Predecoder(program, maps);
        predecoder.findTargets();
        for (int i = 0; i < program.size(); i++) {
            predecoder.starts[i] = predecoder.length;
            predecoder.translate(i);
        }
        predecoder.resolveJumps();
        return new PredecodedProgram(Arrays.copyOf(predecoder.code, predecoder.length));
    }

    private void findTargets() {
        for (int i = 0; i < program.size(); i++) {
            Instruction instruction = program.get(i);
            if (instruction instanceof Instruction.Jump jump) {
                isTarget[target(i, jump.offset())] = true;
            } else if (instruction instanceof Instruction.CondJump jump) {
                isTarget[target(i, jump.offset())] = true;
            } else if (instruction instanceof Instruction.CallLocal call) {
                isTarget[target(i, call.offset())] = true;
            }
        }
        Instruction last = program.size() == 0 ? null : program.get(program.size() - 1);
        if (!(last instanceof Instruction.Exit) && !(last instanceof Instruction.Jump)) {
            throw new IllegalArgumentException("pc=" + program.slots() + ": control can leave the program at its end");
        }
    }

    private int target(int index, int offset) {
        int target = program.targetIndex(index, offset);
        if (target < 0) {
            throw refused(index, "offset=" + offset + " leads to no instruction");
        }
        return target;
    }

    private IllegalArgumentException refused(int index, String why) {
        return new IllegalArgumentException("pc=" + program.pcOf(index) + ": " + program.get(index) + ": " + why);
    }

    private void translate(int i) {
        switch (program.get(i)) {
            case Instruction.Alu alu -> emitAfterMove(i, alu(alu));
            case Instruction.Mov mov -> mov(i, mov);
            case Instruction.Neg neg -> emitAfterMove(i, of(neg.is64() ? NEG64 : NEG32, neg.dst(), neg.dst()));
            case Instruction.ByteSwap swap -> emitAfterMove(i, of(byteSwap(swap), swap.dst(), swap.dst()));
            case Instruction.LoadImm64 load -> emitConstant(load.dst().number(), load.value());
            case Instruction.LoadPseudo load -> emitConstant(load.dst().number(), pseudo(i, load));
            case Instruction.Load load -> emitAfterMove(i, load(load));
            case Instruction.Store store -> store(store);
            case Instruction.Atomic a -> emit(of(atomic(a), AtomicKind.of(a), a.base(), a.src(), a.offset()));
            case Instruction.Jump jump -> emitJump(of(JUMP, 0, 0, 0, 0), target(i, jump.offset()));
            case Instruction.CondJump jump -> condJump(i, jump);
            case Instruction.CallHelper call -> emit(of(CALL_HELPER, 0, 0, 0, call.id()));
            case Instruction.CallLocal call -> emitJump(of(CALL_LOCAL, 0, 0, 0, 0), target(i, call.offset()));
            case Instruction.CallBtf _ -> throw refused(i, "there are no helpers by BTF id");
            case Instruction.CallRegister _ -> throw refused(i, "calls by register are not supported");
            case Instruction.Exit _ -> emit(of(EXIT, 0, 0, 0, 0));
        }
    }

    private static long alu(Instruction.Alu alu) {
        int op = alu.op().ordinal();
        return switch (alu.src()) {
            case Register src -> of((alu.is64() ? ALU64_REG : ALU32_REG) + op, alu.dst(), alu.dst(), src, 0);
            case Immediate imm -> of((alu.is64() ? ALU64_IMM : ALU32_IMM) + op, alu.dst(), alu.dst(), imm.value());
        };
    }

    private void mov(int i, Instruction.Mov mov) {
        switch (mov.src()) {
            case Immediate imm ->
                emit(of(mov.is64() ? MOV_IMM : MOV32_IMM, mov.dst().number(), 0, 0, imm.value()));
            case Register src -> emitAfterMove(i, of(moveOpcode(mov), mov.dst(), src));
        }
    }

    private static int moveOpcode(Instruction.Mov mov) {
        return switch (mov.signBits()) {
            case 8 -> mov.is64() ? SEXT64_8 : SEXT32_8;
            case 16 -> mov.is64() ? SEXT64_16 : SEXT32_16;
            case 32 -> SEXT64_32;
            default -> mov.is64() ? MOV64 : MOV32;
        };
    }

    /** Conversions to little endian only truncate: registers hold what memory has. */
    private static int byteSwap(Instruction.ByteSwap swap) {
        boolean truncate = swap.kind() == ByteSwapKind.LE;
        return switch (swap.bits()) {
            case 16 -> truncate ? ZEXT16 : SWAP16;
            case 32 -> truncate ? MOV32 : SWAP32;
            default -> truncate ? MOV64 : SWAP64;
        };
    }

    private void emitConstant(int register, long value) {
        if (value == (int) value) {
            emit(of(MOV_IMM, register, 0, 0, (int) value));
        } else {
            emit(of(MOV_CONSTANT, register, 0, 0, 0));
            literals.set(length);
            emit(value);
        }
    }

    private long pseudo(int i, Instruction.LoadPseudo load) {
        PseudoKind kind = load.kind();
        if (kind == PseudoKind.VARIABLE || kind == PseudoKind.CODE) {
            throw refused(i, "addresses of variables and code are not supported");
        }
        if (load.imm() < 0 || load.imm() >= maps.size()) {
            throw refused(i, "map index=" + load.imm() + " is not below " + maps.size());
        }
        BpfMap map = maps.get(load.imm());
        if (kind == PseudoKind.MAP_BY_FD || kind == PseudoKind.MAP_BY_INDEX) {
            return HelperDispatcher.mapHandle(load.imm());
        }
        if (map instanceof ArrayMap array && load.nextImm() >= 0 && load.nextImm() < array.bytes()) {
            return array.address() + load.nextImm();
        }
        throw refused(i, "offset=" + load.nextImm() + " is not in the values of " + map);
    }

    private static long load(Instruction.Load load) {
        int opcode = switch (load.width()) {
            case B -> load.signExtend() ? LOADS8 : LOAD8;
            case H -> load.signExtend() ? LOADS16 : LOAD16;
            case W -> load.signExtend() ? LOADS32 : LOAD32;
            case DW -> LOAD64;
        };
        return of(opcode, load.dst(), load.base(), load.offset());
    }

    private void store(Instruction.Store store) {
        int width = widthIndex(store.width());
        switch (store.src()) {
            case Register src -> emit(of(STORE8 + width, 0, store.base(), src, store.offset()));
            case Immediate imm -> emit(of(STORE_IMM, width, store.base(), store.offset(), imm.value()));
        }
    }

    private static int atomic(Instruction.Atomic atomic) {
        if (atomic.op() == AtomicOp.CMPXCHG) {
            return ATOMIC_COMPARE;
        }
        return atomic.fetch() ? ATOMIC_FETCH : ATOMIC;
    }

    private static int widthIndex(Width width) {
        return switch (width) {
            case B -> 0;
            case H -> 1;
            case W -> 2;
            case DW -> 3;
        };
    }

    private void condJump(int i, Instruction.CondJump jump) {
        int op = jump.op().ordinal();
        boolean byRegister = jump.right() instanceof Register;
        countWith(jump, (byRegister ? COUNT64_REG : COUNT64_IMM) + op, (byRegister ? COUNT32_REG : COUNT32_IMM) + op);
        long word = switch (jump.right()) {
            case Register right ->
                of(
                        (jump.is64() ? JUMP64_REG : JUMP32_REG) + op,
                        right.number(),
                        jump.left().number(),
                        0,
                        0);
            case Immediate imm ->
                of((jump.is64() ? JUMP64_IMM : JUMP32_IMM) + op, 0, jump.left().number(), 0, imm.value());
        };
        emitJump(word, target(i, jump.offset()));
    }

    /** Makes the addition of an immediate to the register that a jump tests, if it comes just before, a counting jump. */
    private void countWith(Instruction.CondJump jump, int count64, int count32) {
        if (length == 0) {
            return;
        }
        long last = code[length - 1];
        int addition = jump.is64() ? ALU64_IMM + ADD : ALU32_IMM + ADD;
        if (opcode(last) == addition && d(last) == jump.left().number() && !literals.get(length - 1)) {
            code[length - 1] = of(jump.is64() ? count64 : count32, d(last), a(last), 0, imm(last));
        }
    }

    private void emitJump(long word, int target) {
        targets[length] = target;
        emit(word);
    }

    private void emit(long word) {
        code[length++] = word;
    }

    /** Emits an operation on D alone, merged into the move to D before it when there is one. */
    private void emitAfterMove(int i, long word) {
        if (isTarget[i] || length == 0 || literals.get(length - 1) || a(word) != d(word)) {
            emit(word);
            return;
        }
        long move = code[length - 1];
        boolean whole = opcode(move) == MOV64;
        boolean low = opcode(move) == MOV32 && readsLowHalves(opcode(word));
        if (d(move) != d(word) || !(whole || low)) {
            emit(word);
            return;
        }
        boolean sourceIsMoved = isRegisterAlu(opcode(word)) && b(word) == d(move);
        code[length - 1] = of(opcode(word), d(word), a(move), sourceIsMoved ? a(move) : b(word), imm(word));
    }

    private static boolean isRegisterAlu(int opcode) {
        return opcode < ALU64_IMM || (opcode >= ALU32_REG && opcode < ALU32_IMM);
    }

    private static boolean readsLowHalves(int opcode) {
        return switch (opcode) {
            case NEG32, SEXT64_8, SEXT64_16, SEXT64_32, SEXT32_8, SEXT32_16, ZEXT16, SWAP16, SWAP32, MOV32 -> true;
            default -> opcode >= ALU32_REG && opcode < ALU32_IMM + AluOp.values().length;
        };
    }

    private void resolveJumps() {
        for (int at = 0; at < length; at++) {
            if (targets[at] < 0) {
                continue;
            }
            int target = starts[targets[at]];
            int offset = target - (at + 1);
            if (opcode(code[at]) == CALL_LOCAL) {
                code[at] = of(CALL_LOCAL, 0, 0, 0, target);
            } else if (offset == (short) offset) {
                code[at] |= (offset & 0xFFFFL) << 16;
            } else {
                // Words are no more than slots, so that only a long jump can be this far.
                code[at] = of(JUMP_FAR, 0, 0, 0, target);
            }
        }
    }
}
