package dev.gbpf.isa;

/** What a byte swap instruction converts to (RFC 9669, section 4.2). */
public enum ByteSwapKind {
    /** To little endian. */
    LE,
    /** To big endian. */
    BE,
    /** The other order, whatever the host's is. */
    SWAP
}
