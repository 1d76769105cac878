package dev.gbpf.isa;

/** Atomic read-modify-write operations (RFC 9669, section 5.3). */
public enum AtomicOp {
    ADD,
    OR,
    AND,
    XOR,
    /** Exchange; always fetches. */
    XCHG,
    /** Compare with {@code r0} and exchange; always fetches, into {@code r0}. */
    CMPXCHG
}
