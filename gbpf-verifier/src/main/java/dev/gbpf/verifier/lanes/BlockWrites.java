package dev.gbpf.verifier.lanes;

import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import dev.gbpf.verifier.cfg.BasicBlock;
import java.util.ArrayList;
import java.util.List;

/**
 * What a block may write.
 *
 * @param registers a bit for each
 * @param stack bytes of frames
 */
record BlockWrites(int registers, List<Reached.Stack> stack) {
    /** Registers that do not come back as they were when a function returns. */
    private static final int NOT_SAVED = 0b11_1111;

    static BlockWrites of(BasicBlock block, Program program, ReachedMemory memory) {
        int registers = 0;
        List<Reached.Stack> stack = new ArrayList<>();
        for (int index = block.first(); index <= block.last(); index++) {
            switch (program.get(index)) {
                case Instruction.Alu i -> registers |= bit(i.dst());
                case Instruction.Mov i -> registers |= bit(i.dst());
                case Instruction.Neg i -> registers |= bit(i.dst());
                case Instruction.ByteSwap i -> registers |= bit(i.dst());
                case Instruction.LoadImm64 i -> registers |= bit(i.dst());
                case Instruction.LoadPseudo i -> registers |= bit(i.dst());
                case Instruction.Load i -> registers |= bit(i.dst());
                case Instruction.Store i -> add(stack, memory.through(block.id(), index, i.base()));
                case Instruction.Atomic i -> {
                    add(stack, memory.through(block.id(), index, i.base()));
                    if (i.fetch()) {
                        registers |= bit(i.op() == AtomicOp.CMPXCHG ? Register.R0 : i.src());
                    }
                }
                case Instruction.CallHelper i -> registers |= bit(Register.R0);
                default -> {}
            }
        }
        return new BlockWrites(registers, stack);
    }

    private static int bit(Register register) {
        return 1 << register.number();
    }

    private static void add(List<Reached.Stack> stack, List<Reached> reached) {
        for (Reached place : reached) {
            if (place instanceof Reached.Stack bytes) {
                stack.add(bytes);
            }
        }
    }

    /** Lets differ what was written, at a point where lanes meet; {@code above} is how many functions returned since. */
    void differ(LaneState state, Cause cause, int above, int depth) {
        int outlast = above > 0 ? registers & NOT_SAVED : registers;
        for (int i = 0; i < Register.COUNT; i++) {
            if ((outlast & 1 << i) != 0 && state.get(Register.of(i)) == null) {
                state.set(Register.of(i), cause);
            }
        }
        for (Reached.Stack bytes : stack) {
            if (bytes.frame() <= depth) {
                state.write(bytes, cause, false);
            }
        }
    }
}
