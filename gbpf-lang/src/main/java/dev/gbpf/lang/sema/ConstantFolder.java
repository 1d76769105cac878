package dev.gbpf.lang.sema;

import dev.gbpf.lang.ast.BinaryOperator;
import dev.gbpf.lang.ast.UnaryOperator;
import dev.gbpf.lang.sema.BoundExpression.Arithmetic;
import dev.gbpf.lang.sema.BoundExpression.Call;
import dev.gbpf.lang.sema.BoundExpression.Comparison;
import dev.gbpf.lang.sema.BoundExpression.Constant;
import dev.gbpf.lang.sema.BoundExpression.Convert;
import dev.gbpf.lang.sema.BoundExpression.Extremum;
import dev.gbpf.lang.sema.BoundExpression.Guarded;
import dev.gbpf.lang.sema.BoundExpression.Invoke;
import dev.gbpf.lang.sema.BoundExpression.Logical;
import dev.gbpf.lang.sema.BoundExpression.Lookup;
import dev.gbpf.lang.sema.BoundExpression.Match;
import dev.gbpf.lang.sema.BoundExpression.Read;
import dev.gbpf.lang.sema.BoundExpression.Take;
import dev.gbpf.lang.sema.BoundExpression.Unary;

/**
 * Computes now what is known now. The analysis passes every expression that it makes through {@link #fold}, so operands
 * are folded before operators, and a constant operand stands on the right where the operator allows it. What it leaves out
 * never has an effect: calls stay.
 */
public final class ConstantFolder {
    private ConstantFolder() {}

    /** The expression, simplified; its operands must be already. Same type, same value, same effects in the same order. */
    public static BoundExpression fold(BoundExpression expression) {
        if (hasError(expression)) {
            return expression;
        }
        return switch (expression) {
            case Arithmetic arithmetic -> fold(arithmetic);
            case Guarded guarded -> fold(guarded);
            case Comparison comparison -> fold(comparison);
            case Logical logical -> fold(logical);
            case Unary unary -> fold(unary);
            case Extremum extremum -> fold(extremum);
            case Convert convert -> fold(convert);
            case Constant constant -> constant;
            case Read read -> read;
            case Lookup lookup -> lookup;
            case Take take -> take;
            case Call call -> call;
            case Invoke invoke -> invoke;
            case Match match -> fold(match);
        };
    }

    private static boolean hasError(BoundExpression expression) {
        return switch (expression) {
            case Arithmetic(var _, var left, var right, var _) -> isError(left) || isError(right);
            case Guarded(var operation, var fallback, var _) -> isError(operation) || isError(fallback);
            case Comparison(var _, var left, var right, var _) -> isError(left) || isError(right);
            case Logical(var _, var left, var right, var _) -> isError(left) || isError(right);
            case Extremum(var _, var left, var right, var _) -> isError(left) || isError(right);
            case Unary(var _, var operand, var _) -> isError(operand);
            case Convert(var _, var operand, var _) -> isError(operand);
            case Match(var subject, var _, var arms, var _, var _) ->
                isError(subject) || arms.stream().anyMatch(ConstantFolder::isError);
            case Constant _, Read _, Lookup _, Take _, Call _, Invoke _ -> false;
        };
    }

    private static boolean isError(BoundExpression expression) {
        return expression.type() == Type.ERROR;
    }

    private static BoundExpression fold(Arithmetic e) {
        if (e.left() instanceof Constant left && e.right() instanceof Constant right) {
            if (isChecked(e) && IntegerArithmetic.overflows(e.operator(), e.type(), left.value(), right.value())) {
                // The fallback around it takes over.
                return e;
            }
            long value = IntegerArithmetic.arithmetic(e.operator(), e.type(), left.value(), right.value());
            return new Constant(e.type(), value, e.span());
        }
        if (e.left() instanceof Constant left) {
            // Commutative operators have their constant on the right.
            return commutes(e.operator())
                    ? fold(new Arithmetic(e.operator(), /* left= */ e.right(), /* right= */ left, e.span()))
                    : e;
        }
        return e.right() instanceof Constant right ? foldRight(e, right) : e;
    }

    private static BoundExpression foldRight(Arithmetic e, Constant right) {
        long value = right.value();
        boolean neutral = switch (e.operator().wrapping()) {
            case ADD, SUB, OR, XOR -> value == 0;
            case LSH, RSH -> (value & 63) == 0;
            case MUL, DIV -> value == 1;
            case AND -> value == -1;
            default -> false;
        };
        if (neutral) {
            return e.left();
        }
        boolean zero = value == 0
                && (e.operator().wrapping() == BinaryOperator.MUL
                        || e.operator() == BinaryOperator.AND
                        || e.operator() == BinaryOperator.DIV);
        if (zero && isPure(e.left())) {
            return new Constant(e.type(), 0, e.span());
        }
        if (e.operator() == BinaryOperator.ADD
                && e.left() instanceof Arithmetic(BinaryOperator inner, var base, Constant first, var _)
                && inner == BinaryOperator.ADD) {
            Constant sum = new Constant(e.type(), first.value() + value, right.span());
            return fold(new Arithmetic(BinaryOperator.ADD, base, sum, e.span()));
        }
        return e;
    }

    private static BoundExpression fold(Guarded e) {
        if (alwaysOverflows(e.operation())) {
            return e.fallback();
        }
        return needsGuard(e.operation()) ? e : e.operation();
    }

    private static boolean isChecked(Arithmetic e) {
        return e.operator().overflow() == BinaryOperator.Overflow.CHECKED;
    }

    /** Whether an operation is sure to overflow in a checked operator before it has any effect. */
    private static boolean alwaysOverflows(BoundExpression expression) {
        return switch (expression) {
            case Arithmetic e ->
                (isChecked(e) && e.left() instanceof Constant && e.right() instanceof Constant)
                        || alwaysOverflows(e.left())
                        || (isPure(e.left()) && alwaysOverflows(e.right()));
            case Comparison(var _, var left, var right, var _) ->
                alwaysOverflows(left) || (isPure(left) && alwaysOverflows(right));
            case Unary(var _, var operand, var _) -> alwaysOverflows(operand);
            case Convert(var _, var operand, var _) -> alwaysOverflows(operand);
            default -> false;
        };
    }

    /** Whether a checked operator is left. */
    private static boolean needsGuard(BoundExpression expression) {
        return switch (expression) {
            case Arithmetic e -> isChecked(e) || needsGuard(e.left()) || needsGuard(e.right());
            case Comparison(var _, var left, var right, var _) -> needsGuard(left) || needsGuard(right);
            case Logical(var _, var left, var right, var _) -> needsGuard(left) || needsGuard(right);
            case Unary(var _, var operand, var _) -> needsGuard(operand);
            case Convert(var _, var operand, var _) -> needsGuard(operand);
            default -> false;
        };
    }

    private static BoundExpression fold(Comparison e) {
        if (e.left() instanceof Constant left && e.right() instanceof Constant right) {
            boolean value = IntegerArithmetic.comparison(e.operator(), left.type(), left.value(), right.value());
            return truth(value, e);
        }
        return e.left() instanceof Constant
                ? new Comparison(mirrored(e.operator()), /* left= */ e.right(), /* right= */ e.left(), e.span())
                : e;
    }

    private static BoundExpression fold(Logical e) {
        // The value that decides without a look at the other operand.
        boolean decisive = e.operator() == BinaryOperator.OR_ELSE;
        if (e.left() instanceof Constant left) {
            return (left.value() != 0) == decisive ? truth(decisive, e) : e.right();
        }
        if (e.right() instanceof Constant right) {
            if ((right.value() != 0) != decisive) {
                return e.left();
            }
            return isPure(e.left()) ? truth(decisive, e) : e;
        }
        return e;
    }

    private static BoundExpression fold(Unary e) {
        if (e.operand() instanceof Constant operand) {
            long value = switch (e.operator()) {
                case NEGATE -> -operand.value();
                case COMPLEMENT -> ~operand.value();
                case NOT -> operand.value() ^ 1;
            };
            return new Constant(e.type(), value, e.span());
        }
        if (e.operator() == UnaryOperator.NOT && e.operand() instanceof Comparison inner) {
            return new Comparison(inverse(inner.operator()), inner.left(), inner.right(), e.span());
        }
        // Two of the same kind cancel out, whichever kind it is.
        return e.operand() instanceof Unary inner && inner.operator() == e.operator() ? inner.operand() : e;
    }

    private static BoundExpression fold(Extremum e) {
        if (e.left() instanceof Constant left && e.right() instanceof Constant right) {
            boolean less = IntegerArithmetic.comparison(BinaryOperator.LT, e.type(), left.value(), right.value());
            return new Constant(e.type(), less == e.greatest() ? right.value() : left.value(), e.span());
        }
        return e.left() instanceof Constant left
                ? new Extremum(e.greatest(), /* left= */ e.right(), /* right= */ left, e.span())
                : e;
    }

    private static BoundExpression fold(Match e) {
        return e.subject() instanceof Constant subject ? e.arms().get(e.table().arm(subject.value())) : e;
    }

    private static BoundExpression fold(Convert e) {
        if (e.operand() instanceof Constant operand) {
            return new Constant(e.type(), operand.value(), e.span());
        }
        return e.operand().type() == e.type() ? e.operand() : e;
    }

    /**
     * Whether an expression has no effect, so that it need not be evaluated when its value is not needed. That a checked
     * operator may overflow is an effect.
     */
    static boolean isPure(BoundExpression expression) {
        return switch (expression) {
            case Arithmetic e when isChecked(e) -> false;
            // Effects of the operation would show; what overflows in it does not.
            case Guarded _ -> false;
            case Constant _, Read _ -> true;
            case Call _, Invoke _, Take _ -> false;
            case Match(var subject, var _, var arms, var _, var _) ->
                isPure(subject) && arms.stream().allMatch(ConstantFolder::isPure);
            case Lookup(var _, var key, var _, var fallback, var _) -> isPure(key) && isPure(fallback);
            case Unary(var _, var operand, var _) -> isPure(operand);
            case Convert(var _, var operand, var _) -> isPure(operand);
            case Arithmetic(var _, var left, var right, var _) -> isPure(left) && isPure(right);
            case Comparison(var _, var left, var right, var _) -> isPure(left) && isPure(right);
            case Logical(var _, var left, var right, var _) -> isPure(left) && isPure(right);
            case Extremum(var _, var left, var right, var _) -> isPure(left) && isPure(right);
        };
    }

    private static Constant truth(boolean value, BoundExpression origin) {
        return new Constant(Type.BOOL, value ? 1 : 0, origin.span());
    }

    private static boolean commutes(BinaryOperator operator) {
        return switch (operator.wrapping()) {
            case ADD, MUL, AND, OR, XOR -> true;
            default -> false;
        };
    }

    /** The comparison that holds with the operands swapped. */
    static BinaryOperator mirrored(BinaryOperator operator) {
        return switch (operator) {
            case LT -> BinaryOperator.GT;
            case LE -> BinaryOperator.GE;
            case GT -> BinaryOperator.LT;
            case GE -> BinaryOperator.LE;
            default -> operator;
        };
    }

    /** The comparison that holds exactly when this one does not. */
    public static BinaryOperator inverse(BinaryOperator operator) {
        return switch (operator) {
            case EQ -> BinaryOperator.NE;
            case NE -> BinaryOperator.EQ;
            case LT -> BinaryOperator.GE;
            case LE -> BinaryOperator.GT;
            case GT -> BinaryOperator.LE;
            case GE -> BinaryOperator.LT;
            default -> throw new IllegalArgumentException("operator=" + operator + " is not a comparison");
        };
    }
}
