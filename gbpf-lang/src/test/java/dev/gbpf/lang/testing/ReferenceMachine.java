package dev.gbpf.lang.testing;

import dev.gbpf.abi.ArgumentKind;
import dev.gbpf.abi.Helper;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.PseudoKind;
import dev.gbpf.isa.Register;
import dev.gbpf.object.PolicyObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Runs a program as RFC 9669 reads, one record at a time, and fails on everything that a verified program never does:
 * reading a register or stack byte that was not written, touching memory outside a region, running too long. It covers
 * what the compiler emits; another instruction is an error.
 */
public final class ReferenceMachine {
    private static final int MAX_STEPS = 2_000_000;
    private static final int FRAME_SIZE = 512;
    private static final int MAX_FRAMES = 8;
    private static final int FIRST_PRESERVED = 6;

    private final TestMaps maps;
    private final Memory memory = new Memory();
    private final long[] registers = new long[Register.COUNT];
    private final boolean[] written = new boolean[Register.COUNT];
    private final ToLongFunction<HelperCall> helpers;
    private final Deque<Frame> callers = new ArrayDeque<>();
    private int steps;

    /** A function that waits for the one that it called. */
    private static final class Frame {
        /** The index of the instruction after the call. */
        private final int returnTo;
        /** The memory of the function that is called. */
        private final long memory;
        /** r6 to r10, which the function that is called leaves as they are. */
        private final long[] registers;
        /** Which of them hold something. */
        private final boolean[] written;

        Frame(int returnTo, long memory, long[] registers, boolean[] written) {
            this.returnTo = returnTo;
            this.memory = memory;
            this.registers = Arrays.copyOfRange(registers, FIRST_PRESERVED, Register.COUNT);
            this.written = Arrays.copyOfRange(written, FIRST_PRESERVED, Register.COUNT);
        }
    }

    /** A call of a helper that takes numbers only. */
    public record HelperCall(Helper helper, List<Long> arguments) {}

    public ReferenceMachine(PolicyObject object, ToLongFunction<HelperCall> helpers) {
        this.maps = new TestMaps(object.maps(), memory);
        this.helpers = helpers;
    }

    public TestMaps maps() {
        return maps;
    }

    /** Instructions that the last run executed. */
    public int steps() {
        return steps;
    }

    /** Runs a program on a context, which it may change; gives the verdict. */
    public long run(Program program, byte[] context) {
        Arrays.fill(written, false);
        long frame = memory.map(new byte[FRAME_SIZE], true);
        long ctx = memory.map(context, false);
        set(Register.R1, ctx);
        set(Register.R10, frame + FRAME_SIZE);
        steps = 0;
        callers.clear();
        int index = 0;
        while (true) {
            if (++steps > MAX_STEPS) {
                throw new IllegalStateException("the program runs too long");
            }
            Instruction instruction = program.get(index);
            if (instruction instanceof Instruction.Exit && !callers.isEmpty()) {
                index = leave(callers.pop());
                continue;
            }
            if (instruction instanceof Instruction.Exit) {
                memory.unmap(ctx);
                memory.unmap(frame);
                return get(Register.R0);
            }
            index = step(program, index, instruction);
        }
    }

    private int step(Program program, int index, Instruction instruction) {
        switch (instruction) {
            case Instruction.Alu(AluOp op, boolean is64, Register dst, Operand src) -> {
                require(is64, instruction);
                set(dst, compute(op, get(dst), value(src)));
            }
            case Instruction.Mov(boolean is64, int signBits, Register dst, Operand src) -> {
                require(signBits == 0, instruction);
                set(dst, is64 ? value(src) : value(src) & 0xFFFF_FFFFL);
            }
            case Instruction.Neg(boolean is64, Register dst) -> {
                require(is64, instruction);
                set(dst, -get(dst));
            }
            case Instruction.LoadImm64(Register dst, long value) -> set(dst, value);
            case Instruction.LoadPseudo(PseudoKind kind, Register dst, int imm, int next) -> {
                require(kind == PseudoKind.MAP_BY_INDEX || kind == PseudoKind.MAP_VALUE_BY_INDEX, instruction);
                set(dst, kind == PseudoKind.MAP_BY_INDEX ? TestMaps.handle(imm) : maps.valueAddress(imm, next));
            }
            case Instruction.Load(var width, boolean signed, Register dst, Register base, short offset) -> {
                long value = memory.load(get(base) + offset, width.bytes());
                int unused = Long.SIZE - width.bits();
                set(dst, signed ? value << unused >> unused : value);
            }
            case Instruction.Store(var width, Register base, short offset, Operand src) ->
                memory.store(get(base) + offset, width.bytes(), value(src));
            case Instruction.Atomic(
                    AtomicOp op,
                    boolean is64,
                    boolean fetch,
                    Register base,
                    short offset,
                    Register src) -> {
                require(op == AtomicOp.ADD && is64 && !fetch, instruction);
                long address = get(base) + offset;
                memory.store(address, Long.BYTES, memory.load(address, Long.BYTES) + get(src));
            }
            case Instruction.Jump(int offset, boolean _) -> {
                return target(program, index, offset);
            }
            case Instruction.CondJump(JumpOp op, boolean is64, Register left, Operand right, short offset) -> {
                require(is64, instruction);
                if (holds(op, get(left), value(right))) {
                    return target(program, index, offset);
                }
            }
            case Instruction.CallHelper(int id) -> call(Helper.byId(id).orElseThrow());
            case Instruction.CallLocal(int offset) -> {
                enter(index + 1);
                return target(program, index, offset);
            }
            case Instruction.ByteSwap _, Instruction.CallBtf _, Instruction.CallRegister _, Instruction.Exit _ ->
                throw new IllegalStateException("the compiler does not emit " + instruction);
        }
        return index + 1;
    }

    /** Begins a function: the arguments are there, everything else is not. */
    private void enter(int returnTo) {
        require(callers.size() < MAX_FRAMES - 1, "calls nest deeper than " + MAX_FRAMES + " frames");
        long frame = memory.map(new byte[FRAME_SIZE], true);
        callers.push(new Frame(returnTo, frame, registers, written));
        written[0] = false;
        Arrays.fill(written, FIRST_PRESERVED, Register.COUNT, false);
        set(Register.R10, frame + FRAME_SIZE);
    }

    private int leave(Frame frame) {
        memory.unmap(frame.memory);
        Arrays.fill(written, 1, FIRST_PRESERVED, false);
        System.arraycopy(frame.registers, 0, registers, FIRST_PRESERVED, frame.registers.length);
        System.arraycopy(frame.written, 0, written, FIRST_PRESERVED, frame.written.length);
        return frame.returnTo;
    }

    private void call(Helper helper) {
        List<Long> arguments = new ArrayList<>();
        for (int i = 1; i <= helper.arguments().size(); i++) {
            arguments.add(get(Register.of(i)));
        }
        long result = switch (helper) {
            case MAP_LOOKUP_ELEM -> maps.lookup(arguments.get(0), arguments.get(1));
            case MAP_UPDATE_ELEM -> maps.update(arguments.get(0), arguments.get(1), arguments.get(2), arguments.get(3));
            case MAP_DELETE_ELEM -> maps.delete(arguments.get(0), arguments.get(1));
            case MAP_NEXT_SLOT -> maps.nextSlot(arguments.get(0), arguments.get(1));
            case MAP_SLOT_KEY -> maps.slotKey(arguments.get(0), arguments.get(1));
            case MAP_SLOT_VALUE -> maps.slotValue(arguments.get(0), arguments.get(1));
            default -> {
                require(helper.arguments().stream().allMatch(a -> a.kind() == ArgumentKind.SCALAR), helper);
                yield helpers.applyAsLong(new HelperCall(helper, List.copyOf(arguments)));
            }
        };
        for (int i = 0; i <= 5; i++) {
            written[i] = false;
        }
        set(Register.R0, result);
    }

    private static long compute(AluOp op, long a, long b) {
        return switch (op) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> b == 0 ? 0 : Long.divideUnsigned(a, b);
            case OR -> a | b;
            case AND -> a & b;
            case LSH -> a << b;
            case RSH -> a >>> b;
            case MOD -> b == 0 ? a : Long.remainderUnsigned(a, b);
            case XOR -> a ^ b;
            case ARSH -> a >> b;
            case SDIV -> b == 0 ? 0 : a / b;
            case SMOD -> b == 0 ? a : a % b;
        };
    }

    private static boolean holds(JumpOp op, long a, long b) {
        int unsigned = Long.compareUnsigned(a, b);
        return switch (op) {
            case EQ -> a == b;
            case NE -> a != b;
            case SET -> (a & b) != 0;
            case GT -> unsigned > 0;
            case GE -> unsigned >= 0;
            case LT -> unsigned < 0;
            case LE -> unsigned <= 0;
            case SGT -> a > b;
            case SGE -> a >= b;
            case SLT -> a < b;
            case SLE -> a <= b;
        };
    }

    private static int target(Program program, int index, int offset) {
        int target = program.targetIndex(index, offset);
        require(target >= 0, offset);
        return target;
    }

    private long value(Operand operand) {
        return switch (operand) {
            case Register register -> get(register);
            case Immediate(int value) -> value;
        };
    }

    private long get(Register register) {
        if (!written[register.number()]) {
            throw new IllegalStateException("read of " + register + ", which holds nothing");
        }
        return registers[register.number()];
    }

    private void set(Register register, long value) {
        registers[register.number()] = value;
        written[register.number()] = true;
    }

    private static void require(boolean condition, Object what) {
        if (!condition) {
            throw new IllegalStateException("not supported: " + what);
        }
    }
}
