package dev.gbpf.lang.codegen;

import dev.gbpf.lang.sema.BoundExpression;
import dev.gbpf.lang.sema.Place;
import dev.gbpf.lang.sema.StorageType;
import dev.gbpf.lang.sema.Type;
import dev.gbpf.lang.sema.Variable;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** A quick answer to the question how great an unsigned value can get. */
final class UpperBound {
    private static final long MAX_U32 = 0xFFFF_FFFFL;
    private static final int MAX_DEPTH = 8;

    private final Set<Variable> narrow = Collections.newSetFromMap(new IdentityHashMap<>());

    /** Notes that a variable is always below 2^32. */
    void assume(Variable variable) {
        narrow.add(variable);
    }

    /** Whether the value is sure to be below 2^32. */
    boolean isU32(BoundExpression expression) {
        return isU32(expression, MAX_DEPTH);
    }

    private boolean isU32(BoundExpression expression, int depth) {
        if (depth == 0) {
            return false;
        }
        return switch (expression) {
            case BoundExpression.Constant constant -> Long.compareUnsigned(constant.value(), MAX_U32) <= 0;
            case BoundExpression.Read(Place place, var _) -> isU32(place);
            case BoundExpression.Lookup lookup -> isU32(lookup.map().value()) && isU32(lookup.fallback(), depth - 1);
            case BoundExpression.Arithmetic(var operator, var left, var right, var _) ->
                switch (operator) {
                    case SUB_SATURATING -> operandsUnsigned(left) && isU32(left, depth - 1);
                    case AND -> isU32(left, depth - 1) || isU32(right, depth - 1);
                    case OR, XOR -> isU32(left, depth - 1) && isU32(right, depth - 1);
                    case DIV, RSH -> isU32(left, depth - 1);
                    case MOD -> isU32(left, depth - 1) || isNonZeroU32(right);
                    default -> false;
                };
            case BoundExpression.Guarded(var operation, var fallback, var _) ->
                isU32(operation, depth - 1) && isU32(fallback, depth - 1);
            case BoundExpression.Extremum(boolean greatest, var left, var right, var _) ->
                greatest
                        ? isU32(left, depth - 1) && isU32(right, depth - 1)
                        : isU32(left, depth - 1) || isU32(right, depth - 1);
            case BoundExpression.Convert(var _, var operand, var _) -> isU32(operand, depth - 1);
            case BoundExpression.Comparison _, BoundExpression.Logical _ -> true;
            case BoundExpression.Call call ->
                call.helper().returnMin() >= 0 && call.helper().returnMax() <= MAX_U32;
            case BoundExpression.Unary _ -> false;
        };
    }

    private static boolean operandsUnsigned(BoundExpression expression) {
        return expression.type() == Type.U64;
    }

    private boolean isU32(Place place) {
        return switch (place) {
            case Place.Local(Variable variable) -> narrow.contains(variable);
            case Place.Field(var field) -> Long.compareUnsigned(field.max(), MAX_U32) <= 0;
            case Place.Found(var entry) -> isU32(entry.map().value());
            case Place.Element(var map, int _) -> isU32(map.value());
        };
    }

    private static boolean isU32(StorageType type) {
        return !type.signed() && type.width().bytes() <= 4;
    }

    private static boolean isNonZeroU32(BoundExpression expression) {
        return expression instanceof BoundExpression.Constant constant
                && constant.value() != 0
                && Long.compareUnsigned(constant.value(), MAX_U32) <= 0;
    }
}
