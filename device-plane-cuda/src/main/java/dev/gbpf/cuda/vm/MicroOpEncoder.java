package dev.gbpf.cuda.vm;

import static dev.gbpf.cuda.vm.DeviceOp.*;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.ByteSwapKind;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Turns verified programs into micro-operations for the device. */
public final class MicroOpEncoder {
    /*
     * Operations that programs consist of mostly have handlers for all their registers. The others take their second operand
     * from y, which an operation of its own before them sets: two handlers are a jump more, and a hundred times fewer.
     *
     * x = y; x = x op imm becomes x = y op imm when control comes to the second only from the first.
     */
    private final Program program;
    private final MapAddresses maps;
    private final boolean[] isTarget;
    private final int[] starts;

    private long[] words = new long[64];
    private int count;
    /** For each operation that jumps the instruction that it goes to, else -1. */
    private int[] targets = new int[32];
    /** The register that the last operation moved another's value to, when the next one comes only after it; else -1. */
    private int movedTo = -1;

    private int movedFrom;

    private MicroOpEncoder(Program program, MapAddresses maps) {
        this.program = program;
        this.maps = maps;
        this.isTarget = new boolean[program.size()];
        this.starts = new int[program.size()];
    }

    /**
     * Encodes a program.
     *
     * @throws IllegalArgumentException when it has an instruction that the verifier refuses, or jumps over more than 65,535
     *     operations
     */
    public static MicroOps encode(Program program, MapAddresses maps) {
        MicroOpEncoder encoder = new MicroOpEncoder(program, maps);
        encoder.findTargets();
        for (int i = 0; i < program.size(); i++) {
            if (encoder.isTarget[i]) {
                encoder.movedTo = -1;
            }
            encoder.starts[i] = encoder.count;
            encoder.encode(i);
        }
        // The interpreter reads one operation ahead.
        encoder.emit(EXIT, 0, 0, 0, 0);
        encoder.resolveJumps();
        int[] pcs = IntStream.range(0, program.size()).map(program::pcOf).toArray();
        return new MicroOps(Arrays.copyOf(encoder.words, 2 * encoder.count), encoder.starts, pcs);
    }

    private void findTargets() {
        for (int i = 0; i < program.size(); i++) {
            switch (program.get(i)) {
                case Instruction.Jump jump -> isTarget[target(i, jump.offset())] = true;
                case Instruction.CondJump jump -> isTarget[target(i, jump.offset())] = true;
                case Instruction.CallLocal call -> isTarget[target(i, call.offset())] = true;
                default -> {}
            }
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

    private void encode(int i) {
        switch (program.get(i)) {
            case Instruction.Alu alu -> alu(alu);
            case Instruction.Mov mov -> mov(mov);
            case Instruction.Neg neg ->
                emit(neg.is64() ? NEG64 : NEG32, neg.dst().number(), 0, 0, 0);
            case Instruction.ByteSwap swap -> swap(swap);
            case Instruction.LoadImm64 load -> emit(MOV64_I, load.dst().number(), 0, 0, load.value());
            case Instruction.LoadPseudo load -> emit(MOV64_I, load.dst().number(), 0, 0, pseudo(i, load));
            case Instruction.Load load -> load(load);
            case Instruction.Store store -> store(store);
            case Instruction.Atomic atomic ->
                emit(ATOMIC, atomic.src().number(), atomic.base().number(), AtomicForm.of(atomic), atomic.offset());
            case Instruction.Jump jump -> emitJump(JUMP, 0, 0, target(i, jump.offset()));
            case Instruction.CondJump jump -> condJump(i, jump);
            case Instruction.CallHelper call -> emit(CALL_HELPER, 0, 0, 0, call.id());
            case Instruction.CallLocal call -> emitJump(CALL_LOCAL, 0, 0, target(i, call.offset()));
            case Instruction.CallBtf _ -> throw refused(i, "there are no helpers by BTF id");
            case Instruction.CallRegister _ -> throw refused(i, "calls by register are not supported");
            case Instruction.Exit _ -> emit(EXIT, 0, 0, 0, 0);
        }
    }

    private void alu(Instruction.Alu alu) {
        int d = alu.dst().number();
        if (alu.is64() && alu.src() instanceof Immediate imm && aluByImmediate(alu.op(), d, imm.value())) {
            return;
        }
        if (alu.is64() && alu.src() instanceof Register src) {
            @Nullable
            DeviceOp direct = switch (alu.op()) {
                case ADD -> ADD64;
                case SUB -> SUB64;
                case MUL -> MUL64;
                case AND -> AND64;
                case OR -> OR64;
                case XOR -> XOR64;
                default -> null;
            };
            if (direct != null) {
                emit(direct, d, src.number(), 0, 0);
                return;
            }
        }
        if (!alu.is64() && alu.src() instanceof Immediate imm && alu32ByImmediate(alu.op(), d, imm.value())) {
            return;
        }
        setY(alu.src());
        emit(byY(alu.op(), alu.is64()), d, 0, 0, 0);
    }

    private boolean aluByImmediate(AluOp op, int d, long imm) {
        switch (op) {
            case ADD -> emitAfterMove(ADD64_I, d, imm);
            case SUB -> emitAfterMove(ADD64_I, d, -imm);
            case MUL -> emitAfterMove(MUL64_I, d, imm);
            case AND -> emitAfterMove(AND64_I, d, imm);
            case LSH -> emitAfterMove(LSH64_I, d, imm & 63);
            case RSH -> emitAfterMove(RSH64_I, d, imm & 63);
            case ARSH -> emit(ARSH64_I, d, 0, 0, imm & 63);
            case OR -> emit(OR64_I, d, 0, 0, imm);
            case XOR -> emit(XOR64_I, d, 0, 0, imm);
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean alu32ByImmediate(AluOp op, int d, long imm) {
        @Nullable
        DeviceOp direct = switch (op) {
            case ADD, SUB -> ADD32_I;
            case MUL -> MUL32_I;
            case AND -> AND32_I;
            case OR -> OR32_I;
            case XOR -> XOR32_I;
            case LSH -> LSH32_I;
            case RSH -> RSH32_I;
            case ARSH -> ARSH32_I;
            default -> null;
        };
        if (direct == null) {
            return false;
        }
        emit(direct, d, 0, 0, op == AluOp.SUB ? -imm : imm);
        return true;
    }

    private static DeviceOp byY(AluOp op, boolean is64) {
        return switch (op) {
            case ADD -> ADD32_Y;
            case SUB -> SUB32_Y;
            case MUL -> MUL32_Y;
            case AND -> AND32_Y;
            case OR -> OR32_Y;
            case XOR -> XOR32_Y;
            case LSH -> is64 ? LSH64_Y : LSH32_Y;
            case RSH -> is64 ? RSH64_Y : RSH32_Y;
            case ARSH -> is64 ? ARSH64_Y : ARSH32_Y;
            case DIV -> is64 ? DIV64 : DIV32;
            case MOD -> is64 ? MOD64 : MOD32;
            case SDIV -> is64 ? SDIV64 : SDIV32;
            case SMOD -> is64 ? SMOD64 : SMOD32;
        };
    }

    private void setY(Operand operand) {
        switch (operand) {
            case Register register -> emit(GET_Y, 0, register.number(), 0, 0);
            case Immediate imm -> emit(SET_Y, 0, 0, 0, imm.value());
        }
    }

    private void mov(Instruction.Mov mov) {
        int d = mov.dst().number();
        switch (mov.src()) {
            case Immediate imm -> emit(MOV64_I, d, 0, 0, mov.is64() ? imm.value() : imm.value() & 0xFFFF_FFFFL);
            case Register src -> {
                DeviceOp op = switch (mov.signBits()) {
                    case 8 -> mov.is64() ? SEXT64_8 : SEXT32_8;
                    case 16 -> mov.is64() ? SEXT64_16 : SEXT32_16;
                    case 32 -> SEXT64_32;
                    default -> mov.is64() ? MOV64 : MOV32;
                };
                emit(op, d, src.number(), 0, 0);
                if (op == MOV64) {
                    movedTo = d;
                    movedFrom = src.number();
                }
            }
        }
    }

    /** Conversions to little endian only truncate: registers hold what memory has. */
    private void swap(Instruction.ByteSwap swap) {
        int d = swap.dst().number();
        if (swap.kind() == ByteSwapKind.LE) {
            switch (swap.bits()) {
                case 16 -> emit(ZEXT16, d, 0, 0, 0);
                case 32 -> emit(MOV32, d, d, 0, 0);
                default -> {}
            }
            return;
        }
        emit(swap.bits() == 16 ? SWAP16 : swap.bits() == 32 ? SWAP32 : SWAP64, d, 0, 0, 0);
    }

    private long pseudo(int i, Instruction.LoadPseudo load) {
        return switch (load.kind()) {
            case MAP_BY_FD, MAP_BY_INDEX -> maps.handle(load.imm());
            case MAP_VALUE_BY_FD, MAP_VALUE_BY_INDEX -> maps.value(load.imm(), load.nextImm());
            case VARIABLE, CODE -> throw refused(i, "addresses of variables and code are not supported");
        };
    }

    private void load(Instruction.Load load) {
        int d = load.dst().number();
        int base = load.base().number();
        int offset = load.offset();
        if (load.signExtend()) {
            DeviceOp op = switch (load.width()) {
                case B -> LOADS8;
                case H -> LOADS16;
                default -> LOADS32;
            };
            emit(op, d, base, 0, offset);
            return;
        }
        switch (load.width()) {
            case DW -> emit(LOAD64, d, base, 0, offset);
            case W -> emit(LOAD32, d, base, 0, offset);
            case H, B -> {
                emit(GET_Y, 0, base, 0, 0);
                emit(load.width() == Width.H ? LOAD16_Y : LOAD8_Y, d, 0, 0, offset);
            }
        }
    }

    private void store(Instruction.Store store) {
        int base = store.base().number();
        int offset = store.offset();
        switch (store.src()) {
            case Immediate imm -> {
                DeviceOp op = switch (store.width()) {
                    case DW -> STORE64_I;
                    case W -> STORE32_I;
                    case H -> STORE16_I;
                    case B -> STORE8_I;
                };
                emit(op, 0, base, offset, imm.value());
            }
            case Register src -> {
                switch (store.width()) {
                    case DW -> emit(STORE64, base, src.number(), 0, offset);
                    case W -> emit(STORE32, base, src.number(), 0, offset);
                    case H, B -> {
                        emit(GET_Y, 0, src.number(), 0, 0);
                        emit(store.width() == Width.H ? STORE16_Y : STORE8_Y, 0, base, 0, offset);
                    }
                }
            }
        }
    }

    private void condJump(int i, Instruction.CondJump jump) {
        DeviceOp first = jump.is64() ? JEQ64_Y : JEQ32_Y;
        long imm = 0;
        if (jump.is64() && jump.right() instanceof Immediate right) {
            first = JEQ64_I;
            imm = right.value();
        } else {
            setY(jump.right());
        }
        DeviceOp op = values()[first.ordinal() + jump.op().ordinal()];
        emitJump(op, jump.left().number(), imm, target(i, jump.offset()));
    }

    private void emitAfterMove(DeviceOp op, int d, long imm) {
        if (movedTo == d) {
            count--;
            emit(op, d, movedFrom, 0, imm);
        } else {
            emit(op, d, d, 0, imm);
        }
    }

    private void emitJump(DeviceOp op, int a, long imm, int target) {
        emit(op, 0, a, 0, imm);
        targets[count - 1] = target;
    }

    private void emit(DeviceOp op, int d, int a, int offset, long imm) {
        movedTo = -1;
        if (2 * count == words.length) {
            words = Arrays.copyOf(words, 2 * words.length);
            targets = Arrays.copyOf(targets, 2 * targets.length);
        }
        words[2 * count] = MicroOps.head(op, d, a, offset);
        words[2 * count + 1] = imm;
        targets[count++] = -1;
    }

    private void resolveJumps() {
        for (int at = 0; at < count; at++) {
            if (targets[at] >= 0) {
                long offset = (long) starts[targets[at]] - (at + 1);
                if (!MicroOps.fits(offset)) {
                    throw new IllegalArgumentException(
                            "a jump over " + offset + " operations is too long for the device");
                }
                words[2 * at] |= offset << (32 + MicroOps.OFFSET_SHIFT);
            }
        }
    }
}
