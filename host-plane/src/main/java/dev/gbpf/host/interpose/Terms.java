package dev.gbpf.host.interpose;

/** How far the device trusts estimates, and how it lets processes run; ns unless it says otherwise. */
final class Terms {
    /** How long what a client was told holds without a sign of life. */
    static final long LEASE = 50_000_000L;

    /** How often it is told that the plane lives: the word is in a line that each launch reads. */
    static final long HEARTBEAT = 5_000_000L;

    /** No call is held longer. */
    static final long HOLD_LIMIT = 250_000_000L;

    /** What a stream of a best-effort process may launch before the plane has seen it. */
    static final long STANDING_CREDIT = 2_000_000L;

    /** A burst that goes on is over after so much work, and the next one begins: policies account for it as it comes. */
    static final long BURST = 10_000_000L;

    /**
     * The device reports each so many launches of a stream, and when so much work has been launched since. A report keeps the device from
     * beginning the next kernel before the last one has ended, so there are few where they only serve the accounts.
     */
    static final int TRACK_EVERY = 1_024;

    /** And while what a process does is recorded. */
    static final int TRACK_EVERY_RECORDED = 256;

    static final int TRACK_NS = 2_000_000;

    /** The same for a tenant whose work in flight is limited: its credit comes back with these reports. */
    static final int TRACK_EVERY_LIMITED = 32;

    static final int TRACK_NS_LIMITED = 200_000;

    /** Each so many launches of a function are measured. */
    static final int SAMPLE_EVERY = 64;

    /** And while what a process does is recorded: estimates are what a recording is good for. */
    static final int SAMPLE_EVERY_RECORDED = 16;

    /** A stream whose launches have not been reported as over is taken for idle after so many times what they should take. */
    static final int PATIENCE_FACTOR = 4;

    /** And this much more. */
    static final long PATIENCE = 10_000_000L;

    /**
     * The same where the device has been asked for a report that it has not made: the launches are not over, they wait for their turn
     * behind another process, and a tenant that were taken for idle would never get one. Only a process that is stopped says nothing for so long.
     */
    static final long PATIENCE_REPORTED = 2_000_000_000L;

    /** What may be copied at once after a pause, bytes, where copies are paced; and the size of pieces. */
    static final long COPY_PIECE_BYTES = 1 << 20;

    /** Period of the plane. */
    static final long TICK = 1_000_000L;

    /** How often processes are looked at while something is under way and launches wait for what is seen, on a machine that has a core for it. */
    static final long SPIN = 2_000L;

    /** And on a machine that has none. */
    static final long BUSY = 50_000L;

    /** And while nothing waits for what is seen: each look takes the counts that launches write out of the program's cache. */
    static final long IDLE = 200_000L;

    /**
     * The shortest timeslice of processes that take turns with each other, us: a turn costs some 200 us, and with less nearly all time would go
     * into turning.
     */
    static final long LEAST_SHARED_SLICE_US = 1_000;

    /** The timeslice of a process that gives the device up by turns alone, us: others that have work have the next turn after a launch of it. */
    static final long YIELDING_SLICE_US = 1;

    /** For how long after its last work a process still counts as one that takes turns. */
    static final long TURNS_MEMORY = 100_000_000L;

    /** Cores from which on the plane's thread may keep one busy. */
    static final int CORES_TO_SPIN = 3;

    private Terms() {}
}
