package dev.gbpf.cuda.layout;

/** A task's flags, as {@code GBPF_TASK_...} of {@code layout.h}: one of the first three, with any of the others. */
public final class TaskFlags {
    /** One thread runs it; up to 32 tasks of one function run side by side. */
    public static final int LANE = 0;
    /** 32 threads run it. */
    public static final int WARP = 1;
    /** All warps of a worker block run it. */
    public static final int BLOCK = 2;
    /** Before what is normal; warp and block tasks only. In a mailbox: the warp that polls it runs it. */
    public static final int URGENT = 4;
    /** After what is normal; warp and block tasks only. */
    public static final int BACKGROUND = 8;
    /** A completion record tells how it ended. */
    public static final int NOTIFY = 16;
    /** Its arguments are all that it is told, and its result is all that it tells the host: there is no wait for what was written besides. */
    public static final int PURE = 32;
    /** All that the host may set. */
    public static final int ALL = WARP | BLOCK | URGENT | BACKGROUND | NOTIFY | PURE;
    /** Which of them are the kind. */
    public static final int KIND = 3;

    private TaskFlags() {}
}
