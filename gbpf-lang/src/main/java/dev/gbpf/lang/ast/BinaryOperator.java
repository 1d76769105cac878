package dev.gbpf.lang.ast;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Operators between two operands. */
public enum BinaryOperator {
    MUL("*", Family.ARITHMETIC),
    DIV("/", Family.ARITHMETIC),
    MOD("%", Family.ARITHMETIC),
    ADD("+", Family.ARITHMETIC),
    SUB("-", Family.ARITHMETIC),
    LSH("<<", Family.ARITHMETIC),
    RSH(">>", Family.ARITHMETIC),
    AND("&", Family.ARITHMETIC),
    XOR("^", Family.ARITHMETIC),
    OR("|", Family.ARITHMETIC),
    EQ("==", Family.COMPARISON),
    NE("!=", Family.COMPARISON),
    LT("<", Family.COMPARISON),
    LE("<=", Family.COMPARISON),
    GT(">", Family.COMPARISON),
    GE(">=", Family.COMPARISON),
    /** Short circuit. */
    AND_ALSO("&&", Family.LOGICAL),
    /** Short circuit. */
    OR_ELSE("||", Family.LOGICAL);

    /** What an operator takes and gives. */
    public enum Family {
        /** Two numbers to a number. */
        ARITHMETIC,
        /** Two numbers, or for equality two booleans, to a boolean. */
        COMPARISON,
        /** Two booleans to a boolean. */
        LOGICAL
    }

    private static final Map<String, BinaryOperator> BY_SYMBOL =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(BinaryOperator::symbol, Function.identity()));

    private final String symbol;
    private final Family family;

    BinaryOperator(String symbol, Family family) {
        this.symbol = symbol;
        this.family = family;
    }

    /** As it is written. */
    public String symbol() {
        return symbol;
    }

    public Family family() {
        return family;
    }

    /** The operator that is written so. */
    public static Optional<BinaryOperator> bySymbol(String symbol) {
        return Optional.ofNullable(BY_SYMBOL.get(symbol));
    }
}
