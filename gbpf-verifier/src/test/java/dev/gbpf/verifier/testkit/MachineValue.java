package dev.gbpf.verifier.testkit;

/** A concrete value of the {@link CheckedMachine}; pointers are not numbers there. */
public sealed interface MachineValue {

    /** A number. */
    record Num(long value) implements MachineValue {}

    /**
     * A pointer.
     *
     * @param memory what it points into
     * @param base where the region that it was made for begins
     * @param offset from there
     */
    record Ptr(MachineMemory memory, long base, long offset) implements MachineValue {
        Ptr plus(long more) {
            return new Ptr(memory, base, offset + more);
        }
    }

    /** A map. */
    record MapRef(int map) implements MachineValue {}
}
