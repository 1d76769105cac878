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
    MEMORY_SIZE;

    /** Bytes of a {@link #MEMORY} argument, at most. */
    public static final int MAX_MEMORY = 512;
}
