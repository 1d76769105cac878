package dev.gbpf.verifier.testkit;

import dev.gbpf.abi.ContextLayout;
import dev.gbpf.abi.Helper;

/** What a program that runs on a {@link CheckedMachine} finds in the world. */
public interface MachineInputs {
    /** A context whose fields keep the ranges that the interface promises. */
    byte[] context(ContextLayout layout);

    /** Contents of a map's memory, as others may leave it. */
    byte[] memory(int size);

    /** A result in the helper's range. */
    long result(Helper helper);

    /** Whether a hash map that is asked for a key has it. */
    boolean hasEntry();

    /**
     * The element that a lookup in an array gives, below {@code elements}; others may have swapped contents, so any will do.
     *
     * @param key the key, below {@code elements}
     */
    int element(int key, int elements);
}
