package dev.gbpf.host.jit;

import dev.gbpf.host.memory.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * What generated code reads and writes memory with. Calls of constant variable handles are inlined however large the method
 * around them is, which calls of methods are not.
 */
final class MemoryHandles {
    /** All memory, from address 0. */
    static final MemorySegment ALL = NativeMemory.all();

    static final VarHandle U8 = NativeMemory.U8.varHandle();
    static final VarHandle U16 = NativeMemory.U16.varHandle();
    static final VarHandle U32 = NativeMemory.U32.varHandle();
    static final VarHandle U64 = NativeMemory.U64.varHandle();

    private MemoryHandles() {}
}
