package dev.gbpf.abi;

/** What a helper leaves in {@code r0}. */
public enum ReturnKind {
    /** A number in the signature's range. */
    SCALAR,
    /** A pointer to the value of the map argument, or null. */
    MAP_VALUE_OR_NULL
}
