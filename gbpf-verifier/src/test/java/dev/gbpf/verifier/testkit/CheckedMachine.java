package dev.gbpf.verifier.testkit;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.PseudoKind;
import dev.gbpf.isa.Register;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.verifier.cfg.CallContext;
import dev.gbpf.verifier.platform.ContextModel;
import dev.gbpf.verifier.platform.ProgramType;
import dev.gbpf.verifier.testkit.MachineMemory.Kind;
import dev.gbpf.verifier.testkit.MachineValue.MapRef;
import dev.gbpf.verifier.testkit.MachineValue.Num;
import dev.gbpf.verifier.testkit.MachineValue.Ptr;
import java.util.List;

/**
 * An interpreter that keeps the kinds of values apart and stops with a {@link MachineFault} at anything that the verifier
 * promises cannot happen. Written from RFC 9669 alone, sharing nothing with the abstract semantics. For one run.
 */
public final class CheckedMachine {
    /** Sees the machine before each instruction. */
    @FunctionalInterface
    public interface Watcher {
        /** Looks at nothing. */
        Watcher NONE = (context, index, state) -> {};

        /** The instruction at {@code index} comes next, in a function that {@code context} says how it was called. */
        void before(CallContext context, int index, MachineState state);
    }

    private final Program program;
    private final ProgramType type;
    private final MachineState state;
    private final MachineMaps maps;
    private final MachineAccess access;
    private final MachineHelpers helpers;
    private CallContext context = new CallContext(null, -1, 0, 0);
    private int next;
    private long steps;
    private long helperCalls;

    /**
     * A machine at the start of a program.
     *
     * @param type its context has fields or is empty
     * @param maps the map table that the program's references count
     */
    public CheckedMachine(Program program, ProgramType type, List<MapDefinition> maps, MachineInputs inputs) {
        this.program = program;
        this.type = type;
        this.state = switch (type.context()) {
            case ContextModel.Fields fields ->
                new MachineState(
                        new Ptr(MachineMemory.filled(Kind.CONTEXT, 0, inputs.context(fields.layout())), 0, 0), null);
            case ContextModel.RawMemory(int size) when size == 0 -> new MachineState(new Num(0), new Num(0));
            case ContextModel.RawMemory memory ->
                throw new IllegalArgumentException("raw memory of size=" + memory.size() + " is not supported");
        };
        this.maps = new MachineMaps(maps, inputs);
        this.access = new MachineAccess(state, this.maps, type.context());
        this.helpers = new MachineHelpers(state, this.maps, access, inputs);
    }

    /** Instructions executed so far. */
    public long steps() {
        return steps;
    }

    /** Helpers called so far. */
    public long helperCalls() {
        return helperCalls;
    }

    /**
     * Runs to the end.
     *
     * @param stepLimit how many instructions it may execute
     * @return r0
     * @throws MachineFault at anything that the verifier promises cannot happen, more steps included
     */
    public long run(long stepLimit, Watcher watcher) {
        while (true) {
            if (next < 0 || next >= program.size()) {
                throw new MachineFault("execution at index " + next);
            }
            watcher.before(context, next, state);
            if (++steps > stepLimit) {
                throw new MachineFault("more than " + stepLimit + " steps");
            }
            Instruction instruction = program.get(next);
            if (instruction instanceof Instruction.Exit && state.depth() == 0) {
                long verdict = state.number(Register.R0);
                if (!state.held().isEmpty()) {
                    throw new MachineFault("a record is not released");
                }
                if (verdict < type.verdict().min() || verdict > type.verdict().max()) {
                    throw new MachineFault("verdict " + verdict);
                }
                return verdict;
            }
            step(instruction);
        }
    }

    private void step(Instruction instruction) {
        int index = next++;
        switch (instruction) {
            case Instruction.Alu i -> alu(i);
            case Instruction.Mov i -> mov(i);
            case Instruction.Neg i -> {
                long negated = -state.number(i.dst());
                state.set(i.dst(), i.is64() ? negated : negated & 0xFFFF_FFFFL);
            }
            case Instruction.ByteSwap i -> state.set(i.dst(), MachineArithmetic.swap(i, state.number(i.dst())));
            case Instruction.LoadImm64 i -> state.set(i.dst(), i.value());
            case Instruction.LoadPseudo i -> pseudo(i);
            case Instruction.Load i -> access.load(i);
            case Instruction.Store i -> access.store(i);
            case Instruction.Atomic i -> access.atomic(i);
            case Instruction.Jump i -> next = program.targetIndex(index, i.offset());
            case Instruction.CondJump i -> {
                if (compare(i)) {
                    next = program.targetIndex(index, i.offset());
                }
            }
            case Instruction.CallHelper i -> call(index, i.id());
            case Instruction.CallLocal i -> {
                state.enterFunction();
                next = program.targetIndex(index, i.offset());
                context = new CallContext(context, index, next, context.depth() + 1);
            }
            case Instruction.Exit i -> leave();
            case Instruction.CallBtf i -> throw new MachineFault("call btf");
            case Instruction.CallRegister i -> throw new MachineFault("callx");
        }
    }

    private void call(int index, int id) {
        helperCalls++;
        Helper helper = Helper.byId(id).orElseThrow(() -> new MachineFault("helper " + id));
        if (!type.helpers().contains(helper)) {
            throw new MachineFault("helper " + helper + " is not allowed");
        }
        helpers.call(helper, index);
    }

    private void leave() {
        state.leaveFunction();
        next = context.callIndex() + 1;
        CallContext outer = context.caller();
        if (outer == null) {
            throw new MachineFault("return without call");
        }
        context = outer;
    }

    private void alu(Instruction.Alu i) {
        MachineValue left = state.value(i.dst());
        MachineValue right = state.value(i.src());
        if (left instanceof Num a && right instanceof Num b) {
            state.set(
                    i.dst(),
                    i.is64()
                            ? MachineArithmetic.alu64(i.op(), a.value(), b.value())
                            : MachineArithmetic.alu32(i.op(), (int) a.value(), (int) b.value()));
            return;
        }
        boolean add = i.is64() && i.op() == AluOp.ADD;
        boolean subtract = i.is64() && i.op() == AluOp.SUB;
        Ptr moved;
        if (add && left instanceof Ptr p && right instanceof Num n) {
            moved = p.plus(n.value());
        } else if (add && left instanceof Num n && right instanceof Ptr p) {
            moved = p.plus(n.value());
        } else if (subtract && left instanceof Ptr p && right instanceof Num n) {
            moved = p.plus(-n.value());
        } else {
            throw new MachineFault("arithmetic on pointers: " + i);
        }
        if (Math.abs(moved.offset()) > (1L << 48)) {
            throw new MachineFault("offset " + moved.offset());
        }
        state.set(i.dst(), moved);
    }

    private void mov(Instruction.Mov i) {
        if (i.is64() && i.signBits() == 0) {
            state.set(i.dst(), state.value(i.src()));
            return;
        }
        long source = state.number(i.src());
        long extended = switch (i.signBits()) {
            case 8 -> (byte) source;
            case 16 -> (short) source;
            case 32 -> (int) source;
            default -> source;
        };
        state.set(i.dst(), i.is64() ? extended : extended & 0xFFFF_FFFFL);
    }

    private void pseudo(Instruction.LoadPseudo i) {
        boolean direct = i.kind() == PseudoKind.MAP_VALUE_BY_FD || i.kind() == PseudoKind.MAP_VALUE_BY_INDEX;
        state.set(i.dst(), direct ? new Ptr(maps.array(i.imm()), 0, i.nextImm()) : new MapRef(i.imm()));
    }

    private boolean compare(Instruction.CondJump i) {
        MachineValue left = state.value(i.left());
        MachineValue right = state.value(i.right());
        if (left instanceof Num a && right instanceof Num b) {
            return i.is64()
                    ? MachineArithmetic.compare(i.op(), a.value(), b.value())
                    : MachineArithmetic.compare32(i.op(), (int) a.value(), (int) b.value());
        }
        boolean equality = i.is64() && (i.op() == JumpOp.EQ || i.op() == JumpOp.NE);
        if (!equality
                && i.is64()
                && i.op() != JumpOp.SET
                && left instanceof Ptr p
                && right instanceof Ptr q
                && p.memory() == q.memory()) {
            return MachineArithmetic.compare(i.op(), address(p), address(q));
        }
        if (!equality) {
            throw new MachineFault("pointers are compared: " + i);
        }
        boolean equal;
        if (left instanceof Ptr p && right instanceof Ptr q) {
            equal = p.memory() == q.memory() && p.base() + p.offset() == q.base() + q.offset();
        } else if ((left instanceof Ptr && right.equals(new Num(0)))
                || (right instanceof Ptr && left.equals(new Num(0)))) {
            equal = false;
        } else {
            throw new MachineFault("a pointer is compared with a number: " + i);
        }
        return equal == (i.op() == JumpOp.EQ);
    }

    /** Where objects are is not known to programs; they are at {@code 2^16} at least. */
    private static long address(Ptr pointer) {
        return (1L << 16) + pointer.base() + pointer.offset();
    }
}
