package dev.gbpf.lang.codegen;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.lang.ast.BinaryOperator;
import dev.gbpf.lang.sema.BoundExpression;
import dev.gbpf.lang.sema.Place;
import dev.gbpf.lang.sema.StorageType;
import dev.gbpf.lang.sema.Type;
import dev.gbpf.lang.sema.Variable;
import java.util.IdentityHashMap;

/**
 * A quick answer to the question in which range a value is, as an unsigned number. Only what the verifier finds out as well
 * counts: a check that is left out because of it must not be missed there. (So a saturating difference may be anything.)
 */
final class ExpressionRange {
    private static final int MAX_DEPTH = 8;

    private final IdentityHashMap<Variable, UnsignedRange> variables = new IdentityHashMap<>();

    /** Notes that a variable is always in a range. */
    void assume(Variable variable, UnsignedRange range) {
        variables.put(variable, range);
    }

    /** Whether the value is sure to be below {@code limit}, a positive number. */
    boolean isBelow(BoundExpression expression, long limit) {
        return Long.compareUnsigned(of(expression).max(), limit) < 0;
    }

    /** The range of an expression's value. */
    UnsignedRange of(BoundExpression expression) {
        return of(expression, MAX_DEPTH);
    }

    private UnsignedRange of(BoundExpression expression, int depth) {
        if (depth == 0) {
            return UnsignedRange.ALL;
        }
        return switch (expression) {
            case BoundExpression.Constant constant -> UnsignedRange.of(constant.value());
            case BoundExpression.Read(Place place, var _) -> of(place);
            case BoundExpression.Lookup lookup -> of(lookup.slot().type()).join(of(lookup.fallback(), depth - 1));
            case BoundExpression.Take take -> of(take.slot().type()).join(of(take.fallback(), depth - 1));
            case BoundExpression.Arithmetic(var operator, var left, var right, var _) ->
                arithmetic(operator, left.type(), of(left, depth - 1), of(right, depth - 1));
            case BoundExpression.Guarded(var operation, var fallback, var _) ->
                of(operation, depth - 1).join(of(fallback, depth - 1));
            case BoundExpression.Extremum extremum -> extremum(extremum, depth - 1);
            case BoundExpression.Convert(var _, var operand, var _) -> of(operand, depth - 1);
            case BoundExpression.Match(var _, var _, var arms, var _, var _) ->
                arms.stream()
                        .map(arm -> of(arm, depth - 1))
                        .reduce(UnsignedRange::join)
                        .orElse(UnsignedRange.ALL);
            case BoundExpression.Comparison _, BoundExpression.Logical _ -> new UnsignedRange(0, 1);
            case BoundExpression.Call call ->
                call.helper().returnMin() >= 0
                        ? new UnsignedRange(
                                call.helper().returnMin(), call.helper().returnMax())
                        : UnsignedRange.ALL;
            case BoundExpression.Unary _, BoundExpression.Invoke _ -> UnsignedRange.ALL;
        };
    }

    private static UnsignedRange arithmetic(BinaryOperator operator, Type type, UnsignedRange a, UnsignedRange b) {
        // Signed operations do as unsigned ones on operands that are not negative.
        boolean isUnsigned = type == Type.U64 || (a.max() >= 0 && b.max() >= 0);
        return switch (operator) {
            case ADD -> UnsignedRange.apply(AluOp.ADD, a, b);
            case MUL -> UnsignedRange.apply(AluOp.MUL, a, b);
            case AND -> UnsignedRange.apply(AluOp.AND, a, b);
            case OR, XOR -> UnsignedRange.apply(AluOp.OR, a, b);
            case DIV -> isUnsigned ? UnsignedRange.apply(AluOp.DIV, a, b) : UnsignedRange.ALL;
            case MOD -> isUnsigned ? UnsignedRange.apply(AluOp.MOD, a, b) : UnsignedRange.ALL;
            case RSH -> isUnsigned ? UnsignedRange.apply(AluOp.RSH, a, b) : UnsignedRange.ALL;
            default -> UnsignedRange.ALL;
        };
    }

    private UnsignedRange extremum(BoundExpression.Extremum extremum, int depth) {
        UnsignedRange a = of(extremum.left(), depth);
        UnsignedRange b = of(extremum.right(), depth);
        if (extremum.type() != Type.U64 && (a.max() < 0 || b.max() < 0)) {
            return UnsignedRange.ALL;
        }
        UnsignedRange either = a.join(b);
        JumpOp relation = extremum.greatest() ? JumpOp.GE : JumpOp.LE;
        return UnsignedRange.refine(relation, UnsignedRange.refine(relation, either, a), b);
    }

    private UnsignedRange of(Place place) {
        return switch (place) {
            case Place.Local(Variable variable) -> variables.getOrDefault(variable, UnsignedRange.ALL);
            case Place.Field(var field) -> new UnsignedRange(field.min(), field.max());
            case Place.Stored(var _, var slot) -> of(slot.type());
        };
    }

    private static UnsignedRange of(StorageType type) {
        return type.signed()
                ? UnsignedRange.ALL
                : UnsignedRange.ofBits(type.width().bits());
    }
}
