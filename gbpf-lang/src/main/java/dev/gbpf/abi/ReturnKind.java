package dev.gbpf.abi;

/** What a helper leaves in {@code r0}. */
public enum ReturnKind {
    /** A number in the signature's range. */
    SCALAR,
    /** A pointer to the value of the map argument, or null. */
    MAP_VALUE_OR_NULL,
    /** A pointer to a record of the map argument, which must be released on every path, or null. */
    RECORD_OR_NULL
}
