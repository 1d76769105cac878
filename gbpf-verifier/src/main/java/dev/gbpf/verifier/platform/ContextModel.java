package dev.gbpf.verifier.platform;

import dev.gbpf.abi.ContextLayout;

/** The memory that {@code r1} points to when a program starts. */
public sealed interface ContextModel {

    /** A hook's context: only whole fields may be loaded, only writable ones stored. */
    record Fields(ContextLayout layout) implements ContextModel {}

    /**
     * Plain memory, as raw programs outside of hooks get: every byte may be read and written, in any width. r2 is its size;
     * where it has none, r1 is 0.
     *
     * @param size in bytes, at least 0; its address is a multiple of 8
     */
    record RawMemory(int size) implements ContextModel {
        public RawMemory {
            if (size < 0) {
                throw new IllegalArgumentException("raw memory size=" + size + " is negative");
            }
        }
    }
}
