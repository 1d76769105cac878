package dev.gbpf.abi;

/** What a helper's argument must be; the verifier proves it at each call. */
public enum ArgumentKind {
    /** Any initialised number; never a pointer. */
    SCALAR,
    /** A map, loaded by its 64-bit immediate. */
    MAP,
    /** A pointer to as many readable, initialised bytes as the key of the map argument has. */
    MAP_KEY,
    /** A pointer to as many readable, initialised bytes as the value of the map argument has. */
    MAP_VALUE,
    /** A pointer to as many readable, initialised bytes as the argument after it says. */
    MEMORY,
    /** The size of the memory before it: a number that is known to be from 1 to {@link #MAX_MEMORY}. */
    MEMORY_SIZE,
    /** A pointer to as many writable bytes as the value of the map argument has; they are written, whatever the result. */
    MAP_VALUE_OUT,
    /** The size of a record: a constant that is known to be from 1 to {@link #MAX_RECORD}. */
    RECORD_SIZE,
    /** A pointer to the start of a reserved record that was not released yet; the call releases it. */
    RECORD;

    /** Bytes of a {@link #MEMORY} argument, at most. */
    public static final int MAX_MEMORY = 512;
    /** Bytes of a record of a ring buffer, at most. */
    public static final int MAX_RECORD = 65_536;
}
