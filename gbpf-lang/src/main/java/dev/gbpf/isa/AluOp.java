package dev.gbpf.isa;

/** Binary arithmetic operations (RFC 9669, section 4.1). Move, negation and byte swap are instructions of their own. */
public enum AluOp {
    ADD,
    SUB,
    MUL,
    /** Unsigned division; a zero divisor gives 0. */
    DIV,
    OR,
    AND,
    LSH,
    RSH,
    /** Unsigned remainder; a zero divisor leaves the destination. */
    MOD,
    XOR,
    /** Arithmetic (sign-propagating) shift right. */
    ARSH,
    /** Signed division, truncating; a zero divisor gives 0; the most negative value over -1 gives itself. */
    SDIV,
    /** Signed remainder with the dividend's sign; a zero divisor leaves the destination; the most negative value by -1 gives 0. */
    SMOD
}
