package dev.gbpf.verifier.lanes;

/** Memory that an instruction reaches through a pointer. */
public sealed interface Reached {

    /**
     * A field of the context.
     *
     * @param offset in bytes
     */
    record Field(int offset) implements Reached {}

    /**
     * Bytes of a stack frame.
     *
     * @param frame 0 for the program's own
     * @param position of the first byte, from the frame's bottom
     * @param size how many bytes may be touched
     * @param isExact whether all of them are
     */
    record Stack(int frame, int position, int size, boolean isExact) implements Reached {}

    /** A value of a map, which there is once for all lanes. */
    record MapMemory() implements Reached {}
}
