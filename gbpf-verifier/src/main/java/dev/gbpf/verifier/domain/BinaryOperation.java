package dev.gbpf.verifier.domain;

/** Arithmetic on two words of one width, modulo 2^width. Shifts use the amount modulo the width. */
public enum BinaryOperation {
    ADD,
    SUBTRACT,
    MULTIPLY,
    /** Unsigned; 0 when the divisor is 0. */
    DIVIDE,
    /** Unsigned; the dividend when the divisor is 0. */
    REMAINDER,
    /** Truncating; 0 when the divisor is 0; the least word over -1 is itself. */
    SIGNED_DIVIDE,
    /** With the dividend's sign; the dividend when the divisor is 0; the least word by -1 is 0. */
    SIGNED_REMAINDER,
    AND,
    OR,
    XOR,
    SHIFT_LEFT,
    SHIFT_RIGHT,
    SHIFT_RIGHT_ARITHMETIC
}
