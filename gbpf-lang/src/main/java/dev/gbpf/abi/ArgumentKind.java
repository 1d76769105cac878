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
    MAP_VALUE
}
