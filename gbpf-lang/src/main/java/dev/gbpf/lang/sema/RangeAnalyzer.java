package dev.gbpf.lang.sema;

import dev.gbpf.abi.ContextField;
import dev.gbpf.lang.ast.BinaryOperator;
import dev.gbpf.lang.ast.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how great a number can get: from the ranges that the interface promises for context fields, from the width of
 * map values, from masks, remainders, {@code min} and {@code max}, and from the comparisons that were made on the way. It
 * is only ever too cautious.
 */
final class RangeAnalyzer {
    private static final int MAX_DEPTH = 16;

    private final Environment environment;

    RangeAnalyzer(Environment environment) {
        this.environment = environment;
    }

    ValueRange range(BoundExpression expression) {
        return range(expression, MAX_DEPTH);
    }

    private ValueRange range(BoundExpression expression, int depth) {
        if (depth == 0) {
            return ValueRange.ALL;
        }
        return switch (expression) {
            case BoundExpression.Constant constant -> ValueRange.of(constant.value());
            case BoundExpression.Read(Place place, var _) -> range(place);
            case BoundExpression.Lookup(var _, var _, Slot slot, var fallback, var _) ->
                range(slot.type()).join(range(fallback, depth - 1));
            case BoundExpression.Take(var _, var _, Slot slot, var fallback, var _) ->
                range(slot.type()).join(range(fallback, depth - 1));
            case BoundExpression.Guarded(var operation, var fallback, var _) ->
                range(operation, depth - 1).join(range(fallback, depth - 1));
            case BoundExpression.Arithmetic e
            when e.type() == Type.U64 ->
                arithmetic(e.operator(), range(e.left(), depth - 1), range(e.right(), depth - 1));
            case BoundExpression.Extremum e
            when e.type() == Type.U64 ->
                extremum(e.greatest(), range(e.left(), depth - 1), range(e.right(), depth - 1));
            case BoundExpression.Convert(var _, var operand, var _) -> range(operand, depth - 1);
            case BoundExpression.Comparison _, BoundExpression.Logical _ -> ValueRange.TRUTH;
            case BoundExpression.Match(var _, var _, var arms, var _, var _) ->
                arms.stream()
                        .map(a -> range(a, depth - 1))
                        .reduce(ValueRange::join)
                        .orElse(ValueRange.ALL);
            case BoundExpression.Call call -> {
                long min = call.helper().returnMin();
                yield min >= 0 ? new ValueRange(min, call.helper().returnMax()) : ValueRange.ALL;
            }
            default -> ValueRange.ALL;
        };
    }

    private ValueRange range(Place place) {
        Object holder = holder(place);
        ValueRange known = holder == null ? null : environment.scope().range(holder);
        if (known != null) {
            return known;
        }
        return switch (place) {
            case Place.Field(ContextField field) -> new ValueRange(field.min(), field.max());
            case Place.Stored(var _, Slot slot) -> range(slot.type());
            case Place.Local _ -> ValueRange.ALL;
        };
    }

    private static ValueRange range(StorageType type) {
        return type.signed() || type.width().bytes() == Long.BYTES
                ? ValueRange.ALL
                : new ValueRange(0, (1L << type.width().bits()) - 1);
    }

    /** What never changes between two reads: a fixed variable, or an input of the hook. Null for anything else. */
    private static @Nullable Object holder(Place place) {
        return switch (place) {
            case Place.Local(Variable variable) -> variable.mutable() ? null : variable;
            case Place.Field(ContextField field) -> field.writable() ? null : field;
            case Place.Stored _ -> null;
        };
    }

    private static ValueRange arithmetic(BinaryOperator operator, ValueRange a, ValueRange b) {
        return switch (operator) {
            case ADD -> {
                boolean wraps = IntegerArithmetic.overflows(BinaryOperator.ADD, Type.U64, a.max(), b.max());
                yield wraps ? ValueRange.ALL : new ValueRange(a.min() + b.min(), a.max() + b.max());
            }
            case MUL -> {
                boolean wraps = IntegerArithmetic.overflows(BinaryOperator.MUL, Type.U64, a.max(), b.max());
                yield wraps ? ValueRange.ALL : new ValueRange(a.min() * b.min(), a.max() * b.max());
            }
            case SUB ->
                Long.compareUnsigned(a.min(), b.max()) < 0
                        ? ValueRange.ALL
                        : new ValueRange(a.min() - b.max(), a.max() - b.min());
            case ADD_SATURATING, SUB_SATURATING, MUL_SATURATING -> saturating(operator, a, b);
            case ADD_CHECKED, MUL_CHECKED -> saturating(operator, a, b);
            case SUB_CHECKED -> new ValueRange(0, a.max());
            case AND -> new ValueRange(0, ValueRange.lesser(a.max(), b.max()));
            case OR, XOR -> new ValueRange(0, allOnes(a.max() | b.max()));
            case DIV -> new ValueRange(0, b.min() == 0 ? a.max() : Long.divideUnsigned(a.max(), b.min()));
            case MOD -> new ValueRange(0, b.min() == 0 ? a.max() : ValueRange.lesser(a.max(), b.max() - 1));
            case RSH -> new ValueRange(0, b.isConstant() ? a.max() >>> b.max() : a.max());
            default -> ValueRange.ALL;
        };
    }

    private static ValueRange saturating(BinaryOperator operator, ValueRange a, ValueRange b) {
        BinaryOperator saturating = switch (operator.wrapping()) {
            case ADD -> BinaryOperator.ADD_SATURATING;
            case SUB -> BinaryOperator.SUB_SATURATING;
            default -> BinaryOperator.MUL_SATURATING;
        };
        boolean falls = operator.wrapping() == BinaryOperator.SUB;
        return new ValueRange(
                IntegerArithmetic.arithmetic(saturating, Type.U64, a.min(), falls ? b.max() : b.min()),
                IntegerArithmetic.arithmetic(saturating, Type.U64, a.max(), falls ? b.min() : b.max()));
    }

    private static ValueRange extremum(boolean greatest, ValueRange a, ValueRange b) {
        return greatest
                ? new ValueRange(ValueRange.greater(a.min(), b.min()), ValueRange.greater(a.max(), b.max()))
                : new ValueRange(ValueRange.lesser(a.min(), b.min()), ValueRange.lesser(a.max(), b.max()));
    }

    /** The least 2^n - 1 that is not below the value. */
    private static long allOnes(long value) {
        return value == 0 ? 0 : -1L >>> Long.numberOfLeadingZeros(value);
    }

    /** Notes, for the rest of the present scope, that a condition holds, or that it does not. */
    void assume(BoundExpression condition, boolean holds) {
        switch (condition) {
            case BoundExpression.Comparison(var operator, var left, var right, var _)
            when left.type() == Type.U64 -> {
                BinaryOperator known = holds ? operator : ConstantFolder.inverse(operator);
                ValueRange l = range(left);
                ValueRange r = range(right);
                restrict(left, l, known, r);
                restrict(right, r, ConstantFolder.mirrored(known), l);
            }
            case BoundExpression.Logical(var operator, var left, var right, var _) -> {
                // Both are known when "and" holds, and when "or" does not.
                if (holds == (operator == BinaryOperator.AND_ALSO)) {
                    assume(left, holds);
                    assume(right, holds);
                }
            }
            case BoundExpression.Unary(var operator, var operand, var _)
            when operator == UnaryOperator.NOT -> assume(operand, !holds);
            default -> {}
        }
    }

    /** Notes, for the rest of the present scope, that an expression has one of these values. */
    void assumeIn(BoundExpression expression, ValueRange values) {
        Object holder = expression instanceof BoundExpression.Read(Place place, var _) ? holder(place) : null;
        if (holder != null) {
            environment.scope().assume(holder, range(expression).meet(values));
        }
    }

    private void restrict(BoundExpression operand, ValueRange now, BinaryOperator operator, ValueRange other) {
        Object holder = operand instanceof BoundExpression.Read(Place place, var _) ? holder(place) : null;
        if (holder == null) {
            return;
        }
        ValueRange allowed = switch (operator) {
            case EQ -> other;
            case LT -> other.max() == 0 ? now : new ValueRange(0, other.max() - 1);
            case LE -> new ValueRange(0, other.max());
            case GT -> other.min() == -1 ? now : new ValueRange(other.min() + 1, -1);
            case GE -> new ValueRange(other.min(), -1);
            case NE -> other.isConstant() && other.min() == 0 && now.max() != 0 ? new ValueRange(1, -1) : now;
            default -> now;
        };
        environment.scope().assume(holder, now.meet(allowed));
    }

    /** Notes what a variable that does not change holds. */
    void define(Variable variable, BoundExpression value) {
        if (variable.type() == Type.U64 && !variable.mutable()) {
            environment.scope().assume(variable, range(value));
        }
    }

    /** Notes what the key of an entry holds in the body of a loop over its map. */
    void defineKey(Variable key, MapSchema map) {
        environment
                .scope()
                .assume(key, map.isArray() ? new ValueRange(0, map.definition().maxEntries() - 1L) : range(map.key()));
    }

    /** Notes what the counter of a loop holds in its body. */
    void define(Variable counter, LoopAnalyzer.Range loop) {
        ValueRange from = range(loop.from());
        long end = range(loop.to()).max();
        long most = end == 0 ? 0 : end - 1;
        boolean wraps = IntegerArithmetic.overflows(BinaryOperator.ADD, Type.U64, from.max(), loop.limit());
        if (loop.limit() > 0 && !wraps) {
            most = ValueRange.lesser(most, from.max() + loop.limit() - 1);
        }
        if (Long.compareUnsigned(from.min(), most) <= 0) {
            environment.scope().assume(counter, new ValueRange(from.min(), most));
        }
    }
}
