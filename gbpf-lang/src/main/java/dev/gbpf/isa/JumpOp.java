package dev.gbpf.isa;

/** Conditions of conditional jumps (RFC 9669, section 4.3). */
public enum JumpOp {
    EQ,
    /** Unsigned greater than. */
    GT,
    /** Unsigned greater or equal. */
    GE,
    /** {@code (dst & src) != 0}. */
    SET,
    NE,
    /** Signed greater than. */
    SGT,
    /** Signed greater or equal. */
    SGE,
    /** Unsigned less than. */
    LT,
    /** Unsigned less or equal. */
    LE,
    /** Signed less than. */
    SLT,
    /** Signed less or equal. */
    SLE
}
