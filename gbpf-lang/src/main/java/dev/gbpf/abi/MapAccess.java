package dev.gbpf.abi;

/** What programs may do with the values of a map. */
public enum MapAccess {
    /** Load, store, atomic operations, updates and deletions. */
    ALL,
    /** Loads only. */
    READ,
    /** Nothing but atomic additions of 64 bits that give nothing back: no program sees what another block has counted. */
    ADD
}
