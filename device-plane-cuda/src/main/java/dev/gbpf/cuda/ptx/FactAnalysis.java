package dev.gbpf.cuda.ptx;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Operand;
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
    private static final int ARGUMENTS_END = 6;

    private final Program program;
    private final FunctionBody body;
    private final FramePlan plan;
    /** Facts before each instruction: of registers, then of the plan's slots; null where control does not come. */
    private final Fact @Nullable [][] before;

    private final BitSet open = new BitSet();

    private FactAnalysis(Program program, FunctionBody body, FramePlan plan) {
        this.program = program;
        this.body = body;
        this.plan = plan;
        this.before = new Fact[program.size()][];
    }

    /**
     * The facts of a function.
     *
     * @param isMain whether it is the program's first, whose r1 is the context
     * @param plan the slots of its frame whose values are followed too
     * @return by instruction
     */
    static Fact @Nullable [][] of(Program program, FunctionBody body, boolean isMain, FramePlan plan) {
        FactAnalysis analysis = new FactAnalysis(program, body, plan);
        @Nullable Fact[] entry = new Fact[Register.COUNT + plan.slots()];
        for (int r = 1; r < ARGUMENTS_END; r++) {
            entry[r] = isMain ? null : Fact.UNKNOWN;
        }
        entry[1] = isMain ? Fact.ALIGNED_POINTER : Fact.UNKNOWN;
        entry[Register.R10.number()] = Fact.FRAME_TOP;
        analysis.flow(entry, body.entry());
        while (!analysis.open.isEmpty()) {
            int i = analysis.open.nextSetBit(0);
            analysis.open.clear(i);
            analysis.step(i);
        }
        return analysis.before;
    }

    private void flow(@Nullable Fact[] facts, int to) {
        @Nullable Fact @Nullable [] known = before[to];
        if (known == null) {
            before[to] = facts.clone();
            open.set(to);
            return;
        }
        for (int k = 0; k < facts.length; k++) {
            Fact joined = Fact.join(known[k], facts[k]);
            if (joined != null && !joined.equals(known[k])) {
                known[k] = joined;
                open.set(to);
            }
        }
    }

    private void step(int i) {
        @Nullable Fact[] facts = before[i].clone();
        switch (program.get(i)) {
            case Instruction.Exit _ -> {
                return;
            }
            case Instruction.Jump jump -> {
                flow(facts, FunctionBody.target(program, i, jump.offset()));
                return;
            }
            case Instruction.CondJump jump -> flow(facts, FunctionBody.target(program, i, jump.offset()));
            case Instruction other -> transfer(other, facts);
        }
        flow(facts, i + 1);
    }

    private static Fact get(@Nullable Fact[] facts, Register register) {
        Fact fact = facts[register.number()];
        return fact == null ? Fact.UNKNOWN : fact;
    }

    private static void set(@Nullable Fact[] facts, Register register, Fact fact) {
        facts[register.number()] = fact;
    }

    private static Fact operand(@Nullable Fact[] facts, Operand operand) {
        return switch (operand) {
            case Register register -> get(facts, register);
            case Immediate imm -> Fact.number(imm.value());
        };
    }

    private void transfer(Instruction instruction, @Nullable Fact[] facts) {
        switch (instruction) {
            case Instruction.Alu alu -> set(facts, alu.dst(), arithmetic(alu, facts));
            case Instruction.Mov mov -> {
                Fact from = operand(facts, mov.src());
                set(
                        facts,
                        mov.dst(),
                        mov.signBits() != 0 ? Fact.SOME_NUMBER : mov.is64() ? from : from.truncated());
            }
            case Instruction.Neg neg ->
                set(facts, neg.dst(), Fact.number(0).minus(get(facts, neg.dst()).truncated()));
            case Instruction.ByteSwap swap -> set(facts, swap.dst(), Fact.SOME_NUMBER);
            case Instruction.LoadImm64 load -> set(facts, load.dst(), Fact.number(load.value()));
            case Instruction.LoadPseudo load -> set(facts, load.dst(), pseudo(load));
            case Instruction.Load load -> {
                Fact base = get(facts, load.base());
                set(facts, load.dst(), loaded(load, base, facts));
            }
            case Instruction.Store store -> {
                int slot = plan.slotAt(get(facts, store.base()), store.offset());
                if (slot >= 0) {
                    Fact value = operand(facts, store.src());
                    facts[Register.COUNT + slot] = store.width() == Width.DW ? value : Fact.SOME_NUMBER;
                }
            }
            case Instruction.Atomic atomic -> atomic(atomic, facts);
            case Instruction.CallHelper call -> {
                clobber(facts);
                set(facts, Register.R0, result(call.id()));
            }
            case Instruction.CallLocal _ -> {
                clobber(facts);
                set(facts, Register.R0, Fact.UNKNOWN);
            }
            default -> {}
        }
    }

    private static void clobber(@Nullable Fact[] facts) {
        for (int r = 1; r < ARGUMENTS_END; r++) {
            facts[r] = null;
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

    private Fact loaded(Instruction.Load load, Fact base, @Nullable Fact[] facts) {
        if (load.width() != Width.DW) {
            return Fact.SOME_NUMBER;
        }
        int slot = plan.slotAt(base, load.offset());
        Fact inSlot = slot >= 0 ? facts[Register.COUNT + slot] : null;
        return inSlot == null ? Fact.UNKNOWN : inSlot;
    }

    private void atomic(Instruction.Atomic atomic, @Nullable Fact[] facts) {
        int slot = plan.slotAt(get(facts, atomic.base()), atomic.offset());
        Fact unknown = atomic.is64() ? Fact.UNKNOWN : Fact.SOME_NUMBER;
        if (slot >= 0) {
            facts[Register.COUNT + slot] = unknown;
        }
        if (atomic.op() == AtomicOp.CMPXCHG) {
            set(facts, Register.R0, unknown);
        } else if (atomic.fetch()) {
            set(facts, atomic.src(), unknown);
        }
    }

    private static Fact arithmetic(Instruction.Alu alu, @Nullable Fact[] facts) {
        Fact x = get(facts, alu.dst());
        Fact y = operand(facts, alu.src());
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

    private static Fact byConstant(AluOp op, Fact x, long imm) {
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
