package dev.gbpf.cuda.vm;

import dev.gbpf.host.vm.AtomicKind;
import dev.gbpf.isa.Instruction;

/** Which atomic operation: its {@link AtomicKind}, and in bit 4 whether it fetches. */
final class AtomicForm {
    private static final int FETCHES = 16;

    private AtomicForm() {}

    static int of(Instruction.Atomic atomic) {
        return AtomicKind.of(atomic) | (atomic.fetch() ? FETCHES : 0);
    }
}
