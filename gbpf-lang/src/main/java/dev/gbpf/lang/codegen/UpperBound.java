package dev.gbpf.lang.codegen;

import dev.gbpf.lang.ast.BinaryOperator;
import dev.gbpf.lang.sema.BoundExpression;
import dev.gbpf.lang.sema.Place;
import dev.gbpf.lang.sema.StorageType;
import dev.gbpf.lang.sema.Type;
import dev.gbpf.lang.sema.Variable;
import java.util.IdentityHashMap;

/**
 * A quick answer to the question how great a value can get, as an unsigned number. Only what the verifier finds out as well
 * is used: a check that is left out because of it must not be missed there.
 */
final class UpperBound {
    /** The answer when nothing is known: 2^64 - 1. */
    static final long UNKNOWN = -1;

    private static final int MAX_DEPTH = 8;

    private final IdentityHashMap<Variable, Long> variables = new IdentityHashMap<>();

    /** Notes that a variable never gets greater. */
    void assume(Variable variable, long greatest) {
        variables.put(variable, greatest);
    }

    /** Whether the value is sure to be below {@code limit}, a positive number. */
    boolean isBelow(BoundExpression expression, long limit) {
        return Long.compareUnsigned(greatest(expression), limit) < 0;
    }

    /** The greatest value that it may have, or a greater number. */
    long greatest(BoundExpression expression) {
        return greatest(expression, MAX_DEPTH);
    }

    private long greatest(BoundExpression expression, int depth) {
        if (depth == 0) {
            return UNKNOWN;
        }
        return switch (expression) {
            case BoundExpression.Constant constant -> constant.value();
            case BoundExpression.Read(Place place, var _) -> greatest(place);
            case BoundExpression.Lookup lookup ->
                greater(greatest(lookup.slot().type()), greatest(lookup.fallback(), depth - 1));
            case BoundExpression.Arithmetic(var operator, var left, var right, var _) ->
                arithmetic(operator, left, right, depth - 1);
            case BoundExpression.Guarded(var operation, var fallback, var _) ->
                greater(greatest(operation, depth - 1), greatest(fallback, depth - 1));
            case BoundExpression.Extremum extremum -> extremum(extremum, depth - 1);
            case BoundExpression.Convert(var _, var operand, var _) -> greatest(operand, depth - 1);
            case BoundExpression.Match(var _, var _, var arms, var _, var _) ->
                arms.stream()
                        .map(a -> greatest(a, depth - 1))
                        .reduce(UpperBound::greater)
                        .orElse(UNKNOWN);
            case BoundExpression.Comparison _, BoundExpression.Logical _ -> 1;
            case BoundExpression.Call call ->
                call.helper().returnMin() >= 0 ? call.helper().returnMax() : UNKNOWN;
            case BoundExpression.Unary _, BoundExpression.Invoke _ -> UNKNOWN;
        };
    }

    private long arithmetic(BinaryOperator operator, BoundExpression left, BoundExpression right, int depth) {
        long a = greatest(left, depth);
        long b = greatest(right, depth);
        boolean isUnsigned = left.type() == Type.U64;
        // Signed operations do as unsigned ones on operands that are not negative.
        boolean sameInBoth = isUnsigned || (a >= 0 && b >= 0);
        return switch (operator) {
            case ADD -> Long.compareUnsigned(a + b, a) < 0 ? UNKNOWN : a + b;
            case MUL -> Math.unsignedMultiplyHigh(a, b) != 0 ? UNKNOWN : a * b;
            case SUB_SATURATING -> isUnsigned ? a : UNKNOWN;
            case AND -> lesser(a, b);
            case OR, XOR -> allOnes(a | b);
            case DIV ->
                !sameInBoth
                        ? UNKNOWN
                        : right instanceof BoundExpression.Constant(var _, long divisor, var _) && divisor != 0
                                ? Long.divideUnsigned(a, divisor)
                                : a;
            case MOD ->
                !sameInBoth
                        ? UNKNOWN
                        : right instanceof BoundExpression.Constant(var _, long divisor, var _) && divisor != 0
                                ? lesser(a, divisor - 1)
                                : a;
            case RSH ->
                !isUnsigned && a < 0
                        ? UNKNOWN
                        : right instanceof BoundExpression.Constant(var _, long shift, var _) ? a >>> shift : a;
            default -> UNKNOWN;
        };
    }

    private long extremum(BoundExpression.Extremum extremum, int depth) {
        long a = greatest(extremum.left(), depth);
        long b = greatest(extremum.right(), depth);
        if (extremum.type() != Type.U64 && (a < 0 || b < 0)) {
            return UNKNOWN;
        }
        return extremum.greatest() ? greater(a, b) : lesser(a, b);
    }

    private long greatest(Place place) {
        return switch (place) {
            case Place.Local(Variable variable) -> variables.getOrDefault(variable, UNKNOWN);
            case Place.Field(var field) -> field.max();
            case Place.Stored(var _, var slot) -> greatest(slot.type());
        };
    }

    private static long greatest(StorageType type) {
        return type.signed() ? UNKNOWN : UNKNOWN >>> (Long.SIZE - type.width().bits());
    }

    private static long lesser(long a, long b) {
        return Long.compareUnsigned(a, b) < 0 ? a : b;
    }

    private static long greater(long a, long b) {
        return Long.compareUnsigned(a, b) < 0 ? b : a;
    }

    /** The greatest number that has no bit above the highest one of {@code value}. */
    private static long allOnes(long value) {
        return value == 0 ? 0 : UNKNOWN >>> Long.numberOfLeadingZeros(value);
    }
}
