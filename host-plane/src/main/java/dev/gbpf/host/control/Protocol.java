package dev.gbpf.host.control;

/** Numbers of the protocol; docs/daemon.md describes it. */
public final class Protocol {
    /** The version that this build speaks. It grows when an old client could misunderstand a new daemon. */
    public static final int VERSION = 1;

    /** Bytes of a request, the line feed not counted, at most. */
    public static final int MAX_REQUEST = 4 << 20;

    /** Bytes of a reply or an event, at most. */
    public static final int MAX_REPLY = 16 << 20;

    /** Bytes up to which a request takes no part of what large requests may take together. */
    static final int SMALL_REQUEST = 64 << 10;

    /** Requests larger than {@link #SMALL_REQUEST} that are taken in at once. */
    static final int LARGE_REQUESTS = 4;

    /** Objects and arrays inside each other, at most. */
    static final int MAX_DEPTH = 16;

    /** Names, values, brackets of a request, at most. */
    static final int MAX_TOKENS = 20_000;

    /** Clients at once, at most. */
    public static final int MAX_CONNECTIONS = 64;

    /** How long a client may take for a request that it has begun, or for taking what it is sent, ns. */
    public static final long PATIENCE_NS = 10_000_000_000L;

    /** How often status and changes of a map may be watched, ms. */
    public static final int LEAST_WATCH_INTERVAL_MS = 50;

    public static final int MOST_WATCH_INTERVAL_MS = 60_000;

    /** Entries of a map in one reply, at most. */
    public static final int MAX_ENTRIES = 100_000;

    private Protocol() {}
}
