package dev.gbpf.lang.sema;

import dev.gbpf.lang.ast.BinaryOperator;
import dev.gbpf.lang.ast.UnaryOperator;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * The value of an expression of literals, which has no type until its surroundings give it one. It is computed in both
 * integer types side by side, exactly; a type in which it overflows drops out. {@code ~0xff} is thus a mask for a u64 and
 * -256 for an i64, and {@code 1 - 2} is an i64 only.
 *
 * @param unsigned the bits of the value as u64, or null when it has none
 * @param signed the value as i64, or null when it has none
 */
record LiteralValue(@Nullable Long unsigned, @Nullable Long signed) {
    private static final BigInteger TWO_TO_64 = BigInteger.ONE.shiftLeft(64);

    /** A literal as written: not negative. */
    static LiteralValue of(long bits) {
        return new LiteralValue(bits, bits < 0 ? null : bits);
    }

    /** A constant of the interface: the same 64 bits in both types. */
    static LiteralValue ofBits(long bits) {
        return new LiteralValue(bits, bits);
    }

    /** Whether it overflowed in both types. */
    boolean isEmpty() {
        return unsigned == null && signed == null;
    }

    /** The value in a type, or null when it does not fit. */
    @Nullable
    Long in(Type type) {
        return type == Type.I64 ? signed : unsigned;
    }

    /** The type that it takes when nothing else decides: u64 when it fits. */
    Type defaultType() {
        return unsigned != null ? Type.U64 : Type.I64;
    }

    LiteralValue apply(UnaryOperator operator) {
        return operator == UnaryOperator.COMPLEMENT
                ? new LiteralValue(unsigned == null ? null : ~unsigned, signed == null ? null : ~signed)
                : new LiteralValue(
                        unsigned == null
                                ? null
                                : fitUnsigned(exact(unsigned, false).negate()),
                        negated());
    }

    private @Nullable Long negated() {
        if (signed != null) {
            return fitSigned(BigInteger.valueOf(signed).negate());
        }
        // 2^63 fits in no i64, but -2^63 does.
        return unsigned == null ? null : fitSigned(exact(unsigned, false).negate());
    }

    /** {@code this op right} for an operator of the arithmetic family; the divisor is not 0, a shift count below 64. */
    LiteralValue apply(BinaryOperator operator, LiteralValue right) {
        Long u = unsigned == null || right.unsigned == null
                ? null
                : fitUnsigned(operator, compute(operator, exact(unsigned, false), exact(right.unsigned, false)));
        Long s = signed == null || right.signed == null
                ? null
                : fitSigned(operator, compute(operator, exact(signed, true), exact(right.signed, true)));
        return new LiteralValue(u, s);
    }

    /** The number itself. */
    BigInteger exact() {
        if (unsigned != null) {
            return exact(unsigned, false);
        }
        return signed == null ? BigInteger.ZERO : BigInteger.valueOf(signed);
    }

    private static BigInteger compute(BinaryOperator operator, BigInteger left, BigInteger right) {
        return switch (operator.wrapping()) {
            case ADD -> left.add(right);
            case SUB -> left.subtract(right);
            case MUL -> left.multiply(right);
            case DIV -> left.divide(right);
            case MOD -> left.remainder(right);
            case AND -> left.and(right);
            case OR -> left.or(right);
            case XOR -> left.xor(right);
            case LSH -> left.shiftLeft(right.intValueExact());
            case RSH -> left.shiftRight(right.intValueExact());
            default -> throw new IllegalArgumentException("operator=" + operator + " is not arithmetic");
        };
    }

    private static BigInteger exact(long bits, boolean signed) {
        BigInteger value = BigInteger.valueOf(bits);
        return signed || bits >= 0 ? value : value.add(TWO_TO_64);
    }

    private static @Nullable Long fitUnsigned(BinaryOperator operator, BigInteger value) {
        boolean saturates = operator.overflow() == BinaryOperator.Overflow.SATURATES;
        return fitUnsigned(saturates ? value.max(BigInteger.ZERO).min(TWO_TO_64.subtract(BigInteger.ONE)) : value);
    }

    private static @Nullable Long fitSigned(BinaryOperator operator, BigInteger value) {
        boolean saturates = operator.overflow() == BinaryOperator.Overflow.SATURATES;
        return fitSigned(
                saturates
                        ? value.max(BigInteger.valueOf(Long.MIN_VALUE)).min(BigInteger.valueOf(Long.MAX_VALUE))
                        : value);
    }

    private static @Nullable Long fitUnsigned(BigInteger value) {
        return value.signum() >= 0 && value.bitLength() <= Long.SIZE ? value.longValue() : null;
    }

    private static @Nullable Long fitSigned(BigInteger value) {
        return value.bitLength() < Long.SIZE ? value.longValue() : null;
    }
}
