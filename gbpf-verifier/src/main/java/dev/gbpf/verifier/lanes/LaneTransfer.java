package dev.gbpf.verifier.lanes;

import dev.gbpf.abi.ArgumentKind;
import dev.gbpf.abi.ContextField;
import dev.gbpf.abi.ContextLayout;
import dev.gbpf.abi.Helper;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Register;
import dev.gbpf.verifier.lanes.Cause.Source;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an instruction that lanes run together does to what may differ between them. */
final class LaneTransfer {
    private final ContextLayout context;
    private final ReachedMemory memory;

    LaneTransfer(ContextLayout context, ReachedMemory memory) {
        this.context = context;
        this.memory = memory;
    }

    void apply(LaneState state, Instruction instruction, int block, int index) {
        switch (instruction) {
            case Instruction.Alu i -> state.set(i.dst(), result(state, i));
            case Instruction.Mov i -> state.set(i.dst(), of(state, i.src()));
            case Instruction.LoadImm64 i -> state.set(i.dst(), null);
            case Instruction.LoadPseudo i -> state.set(i.dst(), null);
            case Instruction.Load i -> state.set(i.dst(), loaded(state, i, block, index));
            case Instruction.Store i -> store(state, i, block, index);
            case Instruction.Atomic i -> atomic(state, i, block, index);
            case Instruction.CallHelper i -> call(state, i, block, index);
            // What they make differs as what they are given.
            case Instruction.Neg i -> {}
            case Instruction.ByteSwap i -> {}
            // These end blocks.
            case Instruction.Jump i -> {}
            case Instruction.CondJump i -> {}
            case Instruction.CallLocal i -> {}
            case Instruction.CallBtf i -> {}
            case Instruction.CallRegister i -> {}
            case Instruction.Exit i -> {}
        }
    }

    private static @Nullable Cause of(LaneState state, Operand operand) {
        return operand instanceof Register r ? state.get(r) : null;
    }

    private static @Nullable Cause either(@Nullable Cause a, @Nullable Cause b) {
        return a == null ? b : a;
    }

    private static @Nullable Cause result(LaneState state, Instruction.Alu i) {
        boolean isZero = i.src() == i.dst() && (i.op() == AluOp.XOR || i.op() == AluOp.SUB);
        return isZero ? null : either(state.get(i.dst()), of(state, i.src()));
    }

    private @Nullable Cause loaded(LaneState state, Instruction.Load i, int block, int index) {
        Cause address = state.get(i.base());
        return address != null
                ? new Cause(index, Source.ADDRESS, "", address)
                : content(state, memory.through(block, index, i.base()), index);
    }

    /** Why what is at an address that is the same in all lanes may differ. */
    private @Nullable Cause content(LaneState state, List<Reached> reached, int index) {
        Cause cause = null;
        for (Reached place : reached) {
            cause = either(
                    cause,
                    switch (place) {
                        case Reached.Field(int offset) -> field(offset, index);
                        case Reached.Stack stack -> state.read(stack);
                        case Reached.MapMemory _ -> null;
                    });
        }
        return cause;
    }

    private @Nullable Cause field(int offset, int index) {
        for (ContextField field : context.fields()) {
            if (field.offset() == offset && field.perLane()) {
                return Cause.origin(index, Source.FIELD, field.name());
            }
        }
        return null;
    }

    private void store(LaneState state, Instruction.Store i, int block, int index) {
        Cause address = state.get(i.base());
        Cause stored = address == null ? of(state, i.src()) : new Cause(index, Source.ADDRESS, "", address);
        List<Reached> reached = memory.through(block, index, i.base());
        for (Reached place : reached) {
            if (place instanceof Reached.Stack stack) {
                state.write(stack, stored, address == null && stack.isExact() && reached.size() == 1);
            }
        }
    }

    private void atomic(LaneState state, Instruction.Atomic i, int block, int index) {
        Cause address = state.get(i.base());
        List<Reached> reached = memory.through(block, index, i.base());
        Cause operand =
                i.op() == AtomicOp.CMPXCHG ? either(state.get(i.src()), state.get(Register.R0)) : state.get(i.src());
        Cause stored = address == null ? operand : new Cause(index, Source.ADDRESS, "", address);
        Cause found = address == null ? content(state, reached, index) : stored;
        for (Reached place : reached) {
            switch (place) {
                case Reached.Stack stack -> state.write(stack, stored, false);
                case Reached.MapMemory _ -> found = either(found, Cause.origin(index, Source.ATOMIC, ""));
                case Reached.Field _ -> {}
            }
        }
        if (i.fetch()) {
            state.set(i.op() == AtomicOp.CMPXCHG ? Register.R0 : i.src(), found);
        }
    }

    private void call(LaneState state, Instruction.CallHelper i, int block, int index) {
        Helper helper = Helper.byId(i.id()).orElseThrow();
        Cause result = switch (helper.spread()) {
            case SAME -> null;
            case PER_LANE -> Cause.origin(index, Source.HELPER, helper.symbol());
            case BY_ARGUMENTS -> {
                Cause differs = arguments(state, helper, block, index);
                yield differs == null ? null : new Cause(index, Source.ARGUMENT, helper.symbol(), differs);
            }
        };
        state.clobberArguments();
        state.set(Register.R0, result);
    }

    private @Nullable Cause arguments(LaneState state, Helper helper, int block, int index) {
        Cause differs = null;
        for (int k = 0; k < helper.arguments().size(); k++) {
            Register register = Register.of(k + 1);
            ArgumentKind kind = helper.arguments().get(k).kind();
            differs = either(differs, state.get(register));
            if (kind == ArgumentKind.MAP_KEY || kind == ArgumentKind.MAP_VALUE || kind == ArgumentKind.MEMORY) {
                differs = either(differs, content(state, memory.through(block, index, register), index));
            }
        }
        return differs;
    }
}
