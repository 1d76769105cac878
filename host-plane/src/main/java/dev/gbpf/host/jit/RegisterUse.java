package dev.gbpf.host.jit;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Register;

/** Which registers an instruction reads and writes, as sets with bit n for register n. */
final class RegisterUse {
    /** r1 to r5. */
    static final int ARGUMENTS = 0b11_1110;
    /** The frame pointer. */
    static final int FRAME = 1 << 10;

    private static final int R0 = 1;

    private RegisterUse() {}

    private static int bit(Register register) {
        return 1 << register.number();
    }

    private static int bit(Operand operand) {
        return operand instanceof Register register ? bit(register) : 0;
    }

    /** Those that it reads. */
    static int reads(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Alu alu -> bit(alu.dst()) | bit(alu.src());
            case Instruction.Mov mov -> bit(mov.src());
            case Instruction.Neg neg -> bit(neg.dst());
            case Instruction.ByteSwap swap -> bit(swap.dst());
            case Instruction.LoadImm64 _, Instruction.LoadPseudo _, Instruction.Jump _ -> 0;
            case Instruction.Load load -> bit(load.base());
            case Instruction.Store store -> bit(store.base()) | bit(store.src());
            case Instruction.Atomic atomic ->
                bit(atomic.base()) | bit(atomic.src()) | (atomic.op() == AtomicOp.CMPXCHG ? R0 : 0);
            case Instruction.CondJump jump -> bit(jump.left()) | bit(jump.right());
            case Instruction.CallHelper call -> arguments(call.id());
            case Instruction.CallLocal _ -> ARGUMENTS | FRAME;
            case Instruction.CallBtf _, Instruction.CallRegister _ -> ARGUMENTS;
            case Instruction.Exit _ -> R0;
        };
    }

    /** The arguments of a helper; all registers of arguments for one that is not known. */
    private static int arguments(int helper) {
        return Helper.byId(helper)
                .map(h -> ((1 << h.arguments().size()) - 1) << 1)
                .orElse(ARGUMENTS);
    }

    /** Those that it writes. */
    static int writes(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Alu alu -> bit(alu.dst());
            case Instruction.Mov mov -> bit(mov.dst());
            case Instruction.Neg neg -> bit(neg.dst());
            case Instruction.ByteSwap swap -> bit(swap.dst());
            case Instruction.LoadImm64 load -> bit(load.dst());
            case Instruction.LoadPseudo load -> bit(load.dst());
            case Instruction.Load load -> bit(load.dst());
            case Instruction.Atomic atomic when atomic.op() == AtomicOp.CMPXCHG -> R0;
            case Instruction.Atomic atomic -> atomic.fetch() ? bit(atomic.src()) : 0;
            case Instruction.CallHelper _, Instruction.CallLocal _ -> R0;
            case Instruction.CallBtf _, Instruction.CallRegister _ -> R0;
            case Instruction.Store _, Instruction.Jump _, Instruction.CondJump _, Instruction.Exit _ -> 0;
        };
    }
}
