package dev.gbpf.cuda.vm;

import static dev.gbpf.cuda.vm.DeviceOp.*;

import dev.gbpf.host.helper.HelperDispatcher;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.ByteSwapKind;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Turns verified programs into micro-operations for the device. */
public final class MicroOpEncoder {
    /*
     * Operations that programs consist of mostly have handlers for all their registers. The others take their second operand
     * from y, which an operation of its own before them sets: two handlers are a jump more, and a hundred times fewer.
     */
    private static final long LOW_HALF = 0xFFFF_FFFFL;

    private final Program program;
    private final MapAddresses maps;
    private final int[] starts;
    /** Targets are instructions. */
    private final List<Operation> emitted = new ArrayList<>();

    private MicroOpEncoder(Program program, MapAddresses maps) {
        this.program = program;
        this.maps = maps;
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
        for (int i = 0; i < program.size(); i++) {
            encoder.starts[i] = encoder.emitted.size();
            encoder.encode(i);
        }
        // The interpreter reads one operation ahead.
        encoder.emit(EXIT, 0, 0, 0, 0);
        int[] moved = new int[encoder.emitted.size()];
        List<Operation> operations = OperationFusion.fuse(encoder.withTargets(), moved);
        int[] starts = IntStream.of(encoder.starts).map(start -> moved[start]).toArray();
        int[] pcs = IntStream.range(0, program.size()).map(program::pcOf).toArray();
        return new MicroOps(words(operations), starts, pcs);
    }

    private List<Operation> withTargets() {
        return emitted.stream()
                .map(o -> o.target() < 0 ? o : o.withTarget(starts[o.target()]))
                .toList();
    }

    private static long[] words(List<Operation> operations) {
        long[] words = new long[2 * operations.size()];
        for (int at = 0; at < operations.size(); at++) {
            Operation operation = operations.get(at);
            long offset = operation.offset();
            int targetHandler = LEAVE;
            if (operation.target() >= 0) {
                offset = operation.target() - (at + 1L);
                targetHandler = operations.get(operation.target()).handler();
                if (!MicroOps.fits(offset)) {
                    throw new IllegalArgumentException(
                            "a jump over " + offset + " operations is too long for the device");
                }
            }
            words[2 * at] = MicroOps.head(operation, (int) offset, targetHandler);
            words[2 * at + 1] = operation.imm();
        }
        return words;
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
                emit(
                        neg.is64() ? RSUB64_I : NEG32,
                        neg.dst().number(),
                        neg.is64() ? neg.dst().number() : 0,
                        0,
                        0);
            case Instruction.ByteSwap swap -> swap(swap);
            case Instruction.LoadImm64 load -> emit(MOV64_I, load.dst().number(), 0, 0, load.value());
            case Instruction.LoadPseudo load -> emit(MOV64_I, load.dst().number(), 0, 0, pseudo(i, load));
            case Instruction.Load load -> load(load);
            case Instruction.Store store -> store(store);
            case Instruction.Atomic atomic ->
                emit(ATOMIC, atomic.src().number(), atomic.base().number(), AtomicForm.of(atomic), atomic.offset());
            case Instruction.Jump jump -> emitJump(JUMP, 0, 0, 0, target(i, jump.offset()));
            case Instruction.CondJump jump -> condJump(i, jump);
            case Instruction.CallHelper call -> emit(CALL_HELPER, 0, 0, 0, call.id());
            case Instruction.CallLocal call -> emitJump(CALL_LOCAL, 0, 0, 0, target(i, call.offset()));
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
            case ADD -> emit(ADD64_I, d, d, 0, imm);
            case SUB -> emit(ADD64_I, d, d, 0, -imm);
            case MUL -> emit(MUL64_I, d, d, 0, imm);
            case AND -> emit(AND64_I, d, d, 0, imm);
            case LSH -> emit(SHL_ADD, d, d, (int) (imm & 63), 0);
            case RSH -> emit(SHR_AND, d, d, (int) (imm & 63), -1);
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
            case Immediate imm -> emit(MOV64_I, d, 0, 0, mov.is64() ? imm.value() : imm.value() & LOW_HALF);
            case Register src when mov.signBits() == 0 && !mov.is64() -> emit(AND64_I, d, src.number(), 0, LOW_HALF);
            case Register src -> {
                DeviceOp op = switch (mov.signBits()) {
                    case 8 -> mov.is64() ? SEXT64_8 : SEXT32_8;
                    case 16 -> mov.is64() ? SEXT64_16 : SEXT32_16;
                    case 32 -> SEXT64_32;
                    default -> MOV64;
                };
                emit(op, d, src.number(), 0, 0);
            }
        }
    }

    /** Conversions to little endian only truncate: registers hold what memory has. */
    private void swap(Instruction.ByteSwap swap) {
        int d = swap.dst().number();
        if (swap.kind() == ByteSwapKind.LE) {
            switch (swap.bits()) {
                case 16 -> emit(AND64_I, d, d, 0, 0xFFFF);
                case 32 -> emit(AND64_I, d, d, 0, LOW_HALF);
                default -> {}
            }
            return;
        }
        emit(swap.bits() == 16 ? SWAP16 : swap.bits() == 32 ? SWAP32 : SWAP64, d, 0, 0, 0);
    }

    private long pseudo(int i, Instruction.LoadPseudo load) {
        return switch (load.kind()) {
            case MAP_BY_FD, MAP_BY_INDEX -> HelperDispatcher.mapHandle(load.imm());
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
        int left = jump.left().number();
        int target = target(i, jump.offset());
        int condition = jump.op().ordinal();
        switch (jump.right()) {
            case Immediate imm
            when jump.is64() -> emitJump(values()[JEQ64_I.ordinal() + condition], 0, left, imm.value(), target);
            case Register right
            when jump.is64() -> {
                JumpForm form = JumpForm.of(jump.op());
                int d = form.swapped() ? right.number() : left;
                int a = form.swapped() ? left : right.number();
                emitJump(form.op(), d, a, form.imm(), target);
            }
            case Operand right -> {
                setY(right);
                emitJump(values()[JEQ32_Y.ordinal() + condition], 0, left, 0, target);
            }
        }
    }

    private void emitJump(DeviceOp op, int d, int a, long imm, int target) {
        emitted.add(new Operation(op, d, a, 0, imm, target));
    }

    private void emit(DeviceOp op, int d, int a, int offset, long imm) {
        emitted.add(Operation.of(op, d, a, offset, imm));
    }
}
