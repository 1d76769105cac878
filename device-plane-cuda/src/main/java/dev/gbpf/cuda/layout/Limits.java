package dev.gbpf.cuda.layout;

/** Numbers of {@code layout.h}. */
public final class Limits {
    public static final int LAYOUT_VERSION = 2;
    public static final int MAX_WORKERS = 256;
    public static final int MAX_WARPS = 32;
    public static final int LOCAL_CAPACITY = 1024;
    public static final int MAX_HOST_RINGS = 16;
    public static final int MAX_HOST_MAILBOXES = 4;
    /** A task that runs longer than this is named, ns. */
    public static final long SLOW_TASK_NS = 1_000_000;
    /** The function of copies, and one more than the last of the application's. */
    public static final int FUNCTION_COPY = 65_535;
    /** Bytes that a copy moves between two looks at what it may. */
    public static final int COPY_PIECE = 32_768;
    /** Bytes that two writers should not share. */
    public static final int LINE = 128;

    private Limits() {}
}
