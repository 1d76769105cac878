package dev.gbpf.asm;

import dev.gbpf.asm.Token.Kind;
import dev.gbpf.diagnostic.Suggestion;
import dev.gbpf.isa.Register;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tokens of one statement with the checks that all kinds of statements share. */
final class TokenStream {
    /** Whether a number stands where 64 bits come of it, where its 32 bits are taken as they are, and so on. */
    enum Range {
        /** Sign-extended to 64 bits. */
        SIGNED_32(BigInteger.ONE.shiftLeft(31).negate(), BigInteger.ONE.shiftLeft(31)),
        /** 32 bits, signed or unsigned. */
        BITS_32(BigInteger.ONE.shiftLeft(31).negate(), BigInteger.ONE.shiftLeft(32)),
        /** 64 bits, signed or unsigned. */
        BITS_64(BigInteger.ONE.shiftLeft(63).negate(), BigInteger.ONE.shiftLeft(64)),
        /** A signed 16-bit offset. */
        SIGNED_16(BigInteger.ONE.shiftLeft(15).negate(), BigInteger.ONE.shiftLeft(15)),
        /** 8 bits, signed or unsigned. */
        BITS_8(BigInteger.ONE.shiftLeft(7).negate(), BigInteger.ONE.shiftLeft(8)),
        /** 16 bits, signed or unsigned. */
        BITS_16(BigInteger.ONE.shiftLeft(15).negate(), BigInteger.ONE.shiftLeft(16)),
        /** A number of things or bytes. */
        COUNT_31(BigInteger.ZERO, BigInteger.ONE.shiftLeft(31));

        private final BigInteger min;
        private final BigInteger limit;

        Range(BigInteger min, BigInteger limit) {
            this.min = min;
            this.limit = limit;
        }

        /** A number of 1, 2, 4 or 8 bytes, signed or unsigned. */
        static Range ofBytes(int width) {
            return switch (width) {
                case 1 -> BITS_8;
                case 2 -> BITS_16;
                case 4 -> BITS_32;
                default -> BITS_64;
            };
        }

        boolean contains(BigInteger value) {
            return value.compareTo(min) >= 0 && value.compareTo(limit) < 0;
        }
    }

    /** A register as written: {@code r1} is its 64-bit form, {@code w1} its low half. */
    record RegisterName(Register register, boolean is64, Token token) {}

    private static final int MAX_DIGITS = 66;

    private final List<Token> tokens;
    private final Names names;
    private int next;

    /**
     * A stream over tokens of which the last is an end.
     *
     * @param names what words may stand for numbers
     */
    TokenStream(List<Token> tokens, Names names) {
        this.tokens = tokens;
        this.names = names;
    }

    Token peek() {
        return tokens.get(next);
    }

    /** The token {@code count} places after the next one, or the end. */
    Token peek(int count) {
        return tokens.get(Math.min(next + count, tokens.size() - 1));
    }

    Token take() {
        Token token = peek();
        if (token.kind() != Kind.END) {
            next++;
        }
        return token;
    }

    /** The token before the next one. */
    Token last() {
        return tokens.get(Math.max(0, next - 1));
    }

    boolean atEnd() {
        return peek().kind() == Kind.END;
    }

    boolean accept(String text) {
        if (peek().is(text)) {
            next++;
            return true;
        }
        return false;
    }

    void expect(String text) {
        if (!accept(text)) {
            throw unexpected("'" + text + "'");
        }
    }

    void expectEnd() {
        if (!atEnd()) {
            throw unexpected("the end of the statement");
        }
    }

    AssemblyException unexpected(String expected) {
        return new AssemblyException(
                AssemblyProblem.SYNTAX,
                peek(),
                "expected " + expected + ", found " + peek().inWords(),
                "expected " + expected,
                null);
    }

    boolean atRegister() {
        return register(peek()) != null;
    }

    /** A register of either form. */
    RegisterName register() {
        RegisterName name = register(peek());
        if (name == null) {
            throw unexpected("a register (r0 to r10, w0 to w10)");
        }
        next++;
        return name;
    }

    /** A register that must be written in the form that the instruction has. */
    Register register(boolean is64) {
        RegisterName name = register();
        if (name.is64() != is64) {
            throw new AssemblyException(
                    AssemblyProblem.OPERANDS,
                    name.token(),
                    name.token().inWords() + " has " + (is64 ? "32" : "64") + " bits where the instruction has "
                            + (is64 ? "64" : "32"),
                    "expected " + (is64 ? "r" : "w") + name.register().number(),
                    "write both operands with r (64 bits) or both with w (32 bits)");
        }
        return name.register();
    }

    /** A register that must be {@code wanted}, because the encoding has only one field for both. */
    void sameRegister(Register wanted, boolean is64, String why) {
        Token token = peek();
        Register register = register(is64);
        if (register != wanted) {
            throw new AssemblyException(
                    AssemblyProblem.OPERANDS, token, why, "expected " + (is64 ? "r" : "w") + wanted.number(), null);
        }
    }

    /** The register that a token names, with or without a percent sign, or null. */
    static @Nullable RegisterName register(Token token) {
        String text = token.text().startsWith("%") ? token.text().substring(1) : token.text();
        if (token.kind() != Kind.WORD || text.length() < 2 || text.length() > 3) {
            return null;
        }
        char form = text.charAt(0);
        int number = text.charAt(1) - '0';
        if (text.length() == 3) {
            number = number == 1 ? 10 + text.charAt(2) - '0' : -1;
        }
        if ((form != 'r' && form != 'w') || number < 0 || number >= Register.COUNT) {
            return null;
        }
        return new RegisterName(Register.of(number), form == 'r', token);
    }

    /** A number with an optional sign; see {@link #number(Range, String, boolean)}. */
    long number(Range range, String help) {
        boolean negative = accept("-");
        if (!negative) {
            accept("+");
        }
        return number(range, help, negative);
    }

    /**
     * A number without sign.
     *
     * @param range what it must lie in, its sign considered
     * @param help what to do when it does not
     * @param negative whether a minus stood before it
     */
    long number(Range range, String help, boolean negative) {
        Token token = peek();
        BigInteger magnitude = magnitude();
        BigInteger value = negative ? magnitude.negate() : magnitude;
        if (!range.contains(value)) {
            throw new AssemblyException(
                    AssemblyProblem.RANGE,
                    token,
                    value + " does not fit here",
                    "expected " + range.min + " to " + range.limit.subtract(BigInteger.ONE),
                    help);
        }
        next++;
        return value.longValue();
    }

    /** Whether the next token is a word that stands for a number here. */
    boolean atNamedNumber() {
        return peek().kind() == Kind.WORD && names.number(peek().text()) != null;
    }

    /** The number of a map that is written as its number or name. */
    int map() {
        Token token = peek();
        if (token.kind() != Kind.WORD) {
            return (int) number(Range.BITS_32, "the immediate has 32 bits");
        }
        Integer index = names.map(token.text());
        if (index == null) {
            throw MapTable.unknown(token, names.maps());
        }
        next++;
        return index;
    }

    private BigInteger magnitude() {
        Token token = peek();
        if (token.kind() == Kind.NUMBER) {
            return magnitude(token);
        }
        Long named = token.kind() == Kind.WORD ? names.number(token.text()) : null;
        if (named == null) {
            AssemblyException e = unexpected("a number");
            throw token.kind() == Kind.WORD
                    ? Suggestion.closest(token.text(), names.numbers())
                            .map(n -> e.withHelp("did you mean '" + n + "'?"))
                            .orElse(e)
                    : e;
        }
        return BigInteger.valueOf(named);
    }

    private static BigInteger magnitude(Token token) {
        String text = token.text();
        boolean isHex = text.startsWith("0x") || text.startsWith("0X");
        String digits = isHex ? text.substring(2) : text;
        boolean wellFormed = !digits.isEmpty()
                && digits.length() <= MAX_DIGITS
                && digits.chars().allMatch(c -> Character.digit(c, isHex ? 16 : 10) >= 0);
        if (!wellFormed) {
            throw new AssemblyException(
                    AssemblyProblem.SYNTAX, token, "'" + text + "' is no number", "expected 12 or 0xc", null);
        }
        if (!isHex && digits.length() > 1 && digits.charAt(0) == '0') {
            throw new AssemblyException(
                    AssemblyProblem.AMBIGUOUS,
                    token,
                    "'" + text + "' is octal to some readers and decimal to others",
                    "leading zero",
                    "write it without the leading zero, or with 0x");
        }
        return new BigInteger(digits, isHex ? 16 : 10);
    }
}
