package dev.gbpf.host.vm;

/** The frames of a program's functions: how large and how many. */
public final class CallFrames {
    /** Stack of one function, bytes; {@code r10} points to its end. */
    public static final int FRAME_BYTES = 512;
    /** Functions that can be under way at once, the program's first one included. */
    public static final int MAX_DEPTH = 8;

    /** Stack of all frames, bytes. A function's frame lies above that of its caller. */
    public static final int STACK_BYTES = FRAME_BYTES * MAX_DEPTH;

    private CallFrames() {}
}
