package dev.gbpf.cuda.ptx;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds what is known of registers before each instruction of a function: forward, to the least fixed point. Facts have six
 * levels at most, so that this ends soon.
 *
 * <p>It trusts the verifier: who adds a number to a pointer stays within what that points into when it is used.
 */
final class FactAnalysis {
    private final Program program;
    private final FramePlan plan;
    /** By instruction; null where control does not come. */
    private final @Nullable FactState[] before;

    private final BitSet open = new BitSet();

    private FactAnalysis(Program program, FramePlan plan) {
        this.program = program;
        this.plan = plan;
        this.before = new FactState[program.size()];
    }

    /**
     * The facts of a function.
     *
     * @param entry index of its first instruction; the first function's r1 is the context
     * @param plan the slots of its frame whose values are followed too
     */
    static FactAnalysis of(Program program, int entry, FramePlan plan) {
        FactAnalysis analysis = new FactAnalysis(program, plan);
        FactState state = FactState.empty(plan.slots());
        if (entry == 0) {
            state.set(Register.R1, Fact.ALIGNED_POINTER);
        } else {
            state.set(Register.R1, Fact.UNKNOWN);
            state.set(Register.R2, Fact.UNKNOWN);
            state.set(Register.R3, Fact.UNKNOWN);
            state.set(Register.R4, Fact.UNKNOWN);
            state.set(Register.R5, Fact.UNKNOWN);
        }
        state.set(Register.R10, Fact.FRAME_TOP);
        analysis.flow(state, entry);
        for (int i = entry; i >= 0; i = analysis.open.nextSetBit(0)) {
            analysis.open.clear(i);
            analysis.step(i);
        }
        return analysis;
    }

    /** What is known before an instruction that control comes to. */
    FactState before(int i) {
        FactState state = before[i];
        if (state == null) {
            throw new IllegalStateException("control does not come to instruction " + i);
        }
        return state;
    }

    private void flow(FactState state, int to) {
        FactState known = before[to];
        if (known == null) {
            before[to] = state.copy();
            open.set(to);
        } else if (known.join(state)) {
            open.set(to);
        }
    }

    private void step(int i) {
        FactState state = before(i).copy();
        switch (program.get(i)) {
            case Instruction.Exit _ -> {
                return;
            }
            case Instruction.Jump jump -> {
                flow(state, FunctionBody.target(program, i, jump.offset()));
                return;
            }
            case Instruction.CondJump jump -> flow(state, FunctionBody.target(program, i, jump.offset()));
            case Instruction other -> transfer(other, state);
        }
        flow(state, i + 1);
    }

    private void transfer(Instruction instruction, FactState state) {
        switch (instruction) {
            case Instruction.Alu alu -> state.set(alu.dst(), arithmetic(alu, state));
            case Instruction.Mov mov -> {
                Fact from = state.get(mov.src());
                Fact whole = mov.is64() ? from : from.truncated();
                state.set(mov.dst(), mov.signBits() != 0 ? Fact.SOME_NUMBER : whole);
            }
            case Instruction.Neg neg -> {
                Fact negated = Fact.number(0).minus(state.get(neg.dst()));
                state.set(neg.dst(), neg.is64() ? negated : negated.truncated());
            }
            case Instruction.ByteSwap swap -> state.set(swap.dst(), Fact.SOME_NUMBER);
            case Instruction.LoadImm64 load -> state.set(load.dst(), Fact.number(load.value()));
            case Instruction.LoadPseudo load -> state.set(load.dst(), pseudo(load));
            case Instruction.Load load -> state.set(load.dst(), loaded(load, state));
            case Instruction.Store store -> {
                int slot = plan.slotAt(state.get(store.base()), store.offset());
                if (slot >= 0) {
                    state.setSlot(slot, store.width() == Width.DW ? state.get(store.src()) : Fact.SOME_NUMBER);
                }
            }
            case Instruction.Atomic atomic -> atomic(atomic, state);
            case Instruction.CallHelper call -> {
                state.clobberArguments();
                state.set(Register.R0, result(call.id()));
            }
            case Instruction.CallLocal _ -> {
                state.clobberArguments();
                state.set(Register.R0, Fact.UNKNOWN);
            }
            default -> {}
        }
    }

    private static Fact result(int helper) {
        boolean isValue = helper == Helper.MAP_LOOKUP_ELEM.id() || helper == Helper.MAP_SLOT_VALUE.id();
        return isValue ? Fact.MAP_VALUE : Fact.SOME_NUMBER;
    }

    private static Fact pseudo(Instruction.LoadPseudo load) {
        return switch (load.kind()) {
            case MAP_BY_FD, MAP_BY_INDEX -> Fact.handle(load.imm());
            case MAP_VALUE_BY_FD, MAP_VALUE_BY_INDEX -> Fact.MAP_VALUE.plus(Fact.number(load.nextImm()));
            case VARIABLE, CODE -> Fact.UNKNOWN;
        };
    }

    private Fact loaded(Instruction.Load load, FactState state) {
        if (load.width() != Width.DW) {
            return Fact.SOME_NUMBER;
        }
        int slot = plan.slotAt(state.get(load.base()), load.offset());
        return slot < 0 ? Fact.UNKNOWN : state.slot(slot);
    }

    private void atomic(Instruction.Atomic atomic, FactState state) {
        int slot = plan.slotAt(state.get(atomic.base()), atomic.offset());
        Fact unknown = atomic.is64() ? Fact.UNKNOWN : Fact.SOME_NUMBER;
        if (slot >= 0) {
            state.setSlot(slot, unknown);
        }
        if (atomic.op() == AtomicOp.CMPXCHG) {
            state.set(Register.R0, unknown);
        } else if (atomic.fetch()) {
            state.set(atomic.src(), unknown);
        }
    }

    private static Fact arithmetic(Instruction.Alu alu, FactState state) {
        Fact x = state.get(alu.dst());
        Fact y = state.get(alu.src());
        if (!alu.is64()) {
            x = x.truncated();
            y = y.truncated();
        }
        Fact result = switch (alu.op()) {
            case ADD -> x.plus(y);
            case SUB -> x.minus(y);
            default -> alu.src() instanceof Immediate imm ? byConstant(alu.op(), x, imm.value()) : Fact.SOME_NUMBER;
        };
        return alu.is64() ? result : result.truncated();
    }

    private static Fact byConstant(AluOp op, Fact x, int imm) {
        return switch (op) {
            case MUL -> x.times(imm);
            case AND -> x.and(imm);
            case LSH -> imm >= 0 && imm < Integer.SIZE ? x.times(1L << imm) : Fact.SOME_NUMBER;
            case OR -> x.changed(false, imm);
            case XOR -> x.changed(true, imm);
            default -> Fact.SOME_NUMBER;
        };
    }
}
