package dev.gbpf.lang.ast;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Operators between two operands. */
public enum BinaryOperator {
    MUL("*", Family.ARITHMETIC),
    DIV("/", Family.ARITHMETIC),
    MOD("%", Family.ARITHMETIC),
    ADD("+", Family.ARITHMETIC),
    SUB("-", Family.ARITHMETIC),
    MUL_SATURATING("*|", MUL, Overflow.SATURATES),
    ADD_SATURATING("+|", ADD, Overflow.SATURATES),
    SUB_SATURATING("-|", SUB, Overflow.SATURATES),
    MUL_CHECKED("*?", MUL, Overflow.CHECKED),
    ADD_CHECKED("+?", ADD, Overflow.CHECKED),
    SUB_CHECKED("-?", SUB, Overflow.CHECKED),
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

    /** What becomes of an arithmetic result that does not fit in the type. */
    public enum Overflow {
        /** It is cut to 64 bits. */
        WRAPS,
        /** It becomes the nearest value of the type. */
        SATURATES,
        /** There is none: the fallback of the expression around it is taken. */
        CHECKED
    }

    private static final Map<String, BinaryOperator> BY_SYMBOL =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(BinaryOperator::symbol, Function.identity()));

    private final String symbol;
    private final Family family;
    private final @Nullable BinaryOperator wrapping;
    private final Overflow overflow;

    BinaryOperator(String symbol, Family family) {
        this.symbol = symbol;
        this.family = family;
        this.wrapping = null;
        this.overflow = Overflow.WRAPS;
    }

    BinaryOperator(String symbol, BinaryOperator wrapping, Overflow overflow) {
        this.symbol = symbol;
        this.family = wrapping.family;
        this.wrapping = wrapping;
        this.overflow = overflow;
    }

    /** As it is written. */
    public String symbol() {
        return symbol;
    }

    public Family family() {
        return family;
    }

    /** What it does with a result that does not fit. */
    public Overflow overflow() {
        return overflow;
    }

    /** The operator that computes the same, cut to 64 bits; of most operators, itself. */
    public BinaryOperator wrapping() {
        return wrapping == null ? this : wrapping;
    }

    /** The operator that is written so. */
    public static Optional<BinaryOperator> bySymbol(String symbol) {
        return Optional.ofNullable(BY_SYMBOL.get(symbol));
    }
}
