package dev.gbpf.verifier.lanes;

import dev.gbpf.isa.Register;
import java.util.List;

/** What memory the instructions of a program reach. */
@FunctionalInterface
public interface ReachedMemory {
    /**
     * Where a register can point when an instruction that accesses memory, or passes it to a helper, runs; empty when it is no
     * pointer.
     *
     * @param block number of the block
     * @param index of the instruction in the program
     */
    List<Reached> through(int block, int index, Register pointer);
}
