package dev.gbpf.isa;

/**
 * The 64-bit immediate loads with a meaning (RFC 9669, section 5.4), in the order of their source field. In a gBPF object
 * both map forms count the object's map table.
 */
public enum PseudoKind {
    MAP_BY_FD,
    MAP_VALUE_BY_FD,
    VARIABLE,
    CODE,
    MAP_BY_INDEX,
    MAP_VALUE_BY_INDEX;

    /** The source field of the encoding, 1 to 6. */
    public int source() {
        return ordinal() + 1;
    }
}
