package dev.gbpf.cuda.vm;

import dev.gbpf.isa.Instruction;

/** Which atomic operation: bits 0 to 2 are the {@link dev.gbpf.isa.AtomicOp}, bit 3 tells 64 from 32 bits, bit 4 whether it fetches. */
final class AtomicForm {
    private static final int IS_64 = 8;
    private static final int FETCHES = 16;

    private AtomicForm() {}

    static int of(Instruction.Atomic atomic) {
        return atomic.op().ordinal() | (atomic.is64() ? IS_64 : 0) | (atomic.fetch() ? FETCHES : 0);
    }
}
