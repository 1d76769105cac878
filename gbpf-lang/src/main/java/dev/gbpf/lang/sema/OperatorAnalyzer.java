package dev.gbpf.lang.sema;

import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.lang.ast.BinaryOperator;
import dev.gbpf.lang.ast.Expression;
import dev.gbpf.lang.ast.UnaryOperator;
import java.math.BigInteger;

/** Types operators whose operands are analysed already. */
final class OperatorAnalyzer {
    private static final BigInteger MAX_SHIFT = BigInteger.valueOf(Long.SIZE - 1);

    private final Conversions conversions;
    private final Reporter reporter;

    OperatorAnalyzer(Conversions conversions, Reporter reporter) {
        this.conversions = conversions;
        this.reporter = reporter;
    }

    Operand unary(Expression.Unary expression, Operand operand) {
        if (expression.operator() == UnaryOperator.NOT) {
            return not(expression, operand);
        }
        if (operand instanceof Operand.Literal literal) {
            return checked(literal.value().apply(expression.operator()), expression);
        }
        BoundExpression value = conversions.integer(operand);
        return fold(new BoundExpression.Unary(expression.operator(), value, expression.span()));
    }

    private Operand not(Expression.Unary expression, Operand operand) {
        BoundExpression value = conversions.settle(operand);
        if (value.type().isInteger()) {
            String quoted = Conversions.castable(reporter.quote(value.span(), "..."));
            reporter.message(ErrorCode.TYPE_MISMATCH, value.span(), "`!` takes a bool, found a number")
                    .label("expected bool, found " + value.type().keyword())
                    .help("for \"is zero\" write `" + quoted + " == 0`; to flip the bits write `~" + quoted + "`")
                    .report();
            return Operand.error(expression.span());
        }
        return fold(new BoundExpression.Unary(expression.operator(), value, expression.span()));
    }

    Operand binary(Expression.Binary expression, Operand left, Operand right) {
        return switch (expression.operator().family()) {
            case ARITHMETIC -> arithmetic(expression, left, right);
            case COMPARISON -> comparison(expression, left, right);
            case LOGICAL -> {
                BoundExpression l = conversions.condition(left);
                BoundExpression r = conversions.condition(right);
                yield fold(new BoundExpression.Logical(expression.operator(), l, r, expression.span()));
            }
        };
    }

    private Operand arithmetic(Expression.Binary expression, Operand left, Operand right) {
        BinaryOperator operator = expression.operator();
        if (left instanceof Operand.Literal l && right instanceof Operand.Literal r) {
            return literals(expression, l.value(), r.value());
        }
        if (operator == BinaryOperator.LSH || operator == BinaryOperator.RSH) {
            BoundExpression l = conversions.integer(left);
            BoundExpression r = conversions.integer(right);
            return l.type() == Type.ERROR || r.type() == Type.ERROR
                    ? Operand.error(expression.span())
                    : typed(expression, l, r);
        }
        Conversions.Pair pair = conversions.unify(operator, left, right, expression.span());
        return pair == null ? Operand.error(expression.span()) : typed(expression, pair.left(), pair.right());
    }

    private Operand typed(Expression.Binary expression, BoundExpression left, BoundExpression right) {
        warnAboutConstant(expression.operator(), right);
        return fold(new BoundExpression.Arithmetic(expression.operator(), left, right, expression.span()));
    }

    /** Warns when a constant right operand makes an operation pointless. */
    void warnAboutConstant(BinaryOperator operator, BoundExpression right) {
        if (!(right instanceof BoundExpression.Constant constant) || constant.type() == Type.ERROR) {
            return;
        }
        boolean shift = operator == BinaryOperator.LSH || operator == BinaryOperator.RSH;
        if (shift && Long.compareUnsigned(constant.value(), MAX_SHIFT.longValue()) > 0) {
            reporter.message(
                            ErrorCode.SHIFT_COUNT_WRAPS,
                            right.span(),
                            "a shift by " + Conversions.show(constant) + " is a shift by " + (constant.value() & 63))
                    .label("only the low 6 bits of a shift count matter")
                    .report();
        }
        boolean division = operator == BinaryOperator.DIV || operator == BinaryOperator.MOD;
        if (division && constant.value() == 0) {
            reporter.message(ErrorCode.DIVISION_BY_ZERO, right.span(), "this divides by zero")
                    .label("always zero")
                    .note("`x / 0` is 0 and `x % 0` is x")
                    .report();
        }
    }

    private Operand literals(Expression.Binary expression, LiteralValue left, LiteralValue right) {
        switch (expression.operator()) {
            case DIV, MOD -> {
                if (right.exact().signum() == 0) {
                    reporter.message(
                                    ErrorCode.CONSTANT_DIVISION_BY_ZERO,
                                    expression.right().span(),
                                    "division by zero in a constant")
                            .label("this is zero")
                            .report();
                    return Operand.error(expression.span());
                }
            }
            case LSH, RSH -> {
                if (right.exact().signum() < 0 || right.exact().compareTo(MAX_SHIFT) > 0) {
                    reporter.message(
                                    ErrorCode.CONSTANT_SHIFT_COUNT,
                                    expression.right().span(),
                                    "a constant is shifted by " + right.exact() + " bits")
                            .label("a shift count is 0 to 63")
                            .report();
                    return Operand.error(expression.span());
                }
            }
            default -> {}
        }
        return checked(left.apply(expression.operator(), right), expression);
    }

    private Operand checked(LiteralValue value, Expression expression) {
        if (value.isEmpty()) {
            reporter.message(ErrorCode.CONSTANT_OVERFLOW, expression.span(), "this constant does not fit in 64 bits")
                    .label("overflows both u64 and i64")
                    .note("arithmetic on constants is exact; only arithmetic at run time wraps")
                    .report();
            return Operand.error(expression.span());
        }
        return new Operand.Literal(value, expression.span());
    }

    private Operand comparison(Expression.Binary expression, Operand left, Operand right) {
        BinaryOperator operator = expression.operator();
        if (left instanceof Operand.Literal l && right instanceof Operand.Literal r) {
            int order = l.value().exact().compareTo(r.value().exact());
            boolean value = IntegerArithmetic.comparison(operator, Type.I64, order, 0);
            return new Operand.Typed(new BoundExpression.Constant(Type.BOOL, value ? 1 : 0, expression.span()));
        }
        boolean equality = operator == BinaryOperator.EQ || operator == BinaryOperator.NE;
        if (isBool(left) && isBool(right) && equality) {
            return fold(new BoundExpression.Comparison(
                    operator, conversions.settle(left), conversions.settle(right), expression.span()));
        }
        if (isBool(left)
                && expression.left() instanceof Expression.Binary inner
                && inner.operator().family() == BinaryOperator.Family.COMPARISON) {
            reportChain(expression, inner);
            return Operand.error(expression.span());
        }
        Conversions.Pair pair = conversions.unify(operator, left, right, expression.span());
        return pair == null
                ? Operand.error(expression.span())
                : fold(new BoundExpression.Comparison(operator, pair.left(), pair.right(), expression.span()));
    }

    private void reportChain(Expression.Binary outer, Expression.Binary inner) {
        String a = reporter.quote(inner.left().span(), "a");
        String b = reporter.quote(inner.right().span(), "b");
        String c = reporter.quote(outer.right().span(), "c");
        reporter.message(ErrorCode.CHAINED_COMPARISON, outer.span(), "comparisons cannot be chained")
                .label("`" + inner.operator().symbol() + "` already gives a bool")
                .help("write `" + a + " " + inner.operator().symbol() + " " + b + " && " + b + " "
                        + outer.operator().symbol() + " " + c + "`")
                .report();
    }

    private static boolean isBool(Operand operand) {
        return operand instanceof Operand.Typed typed && typed.type() == Type.BOOL;
    }

    private static Operand fold(BoundExpression expression) {
        return new Operand.Typed(ConstantFolder.fold(expression));
    }
}
