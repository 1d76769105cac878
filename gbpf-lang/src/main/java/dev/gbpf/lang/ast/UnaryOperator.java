package dev.gbpf.lang.ast;

/** Prefix operators. */
public enum UnaryOperator {
    /** Arithmetic negation, modulo 2^64. */
    NEGATE("-"),
    /** Bitwise complement. */
    COMPLEMENT("~"),
    /** Logical negation. */
    NOT("!");

    private final String symbol;

    UnaryOperator(String symbol) {
        this.symbol = symbol;
    }

    /** As it is written. */
    public String symbol() {
        return symbol;
    }
}
