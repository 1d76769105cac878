package dev.gbpf.lang.sema;

import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.lang.ast.BinaryOperator;
import org.jspecify.annotations.Nullable;

/** Gives operands the types that their surroundings ask for, or says why that cannot be. */
final class Conversions {
    private final Reporter reporter;

    Conversions(Reporter reporter) {
        this.reporter = reporter;
    }

    /** Two operands of one integer type. */
    record Pair(BoundExpression left, BoundExpression right) {}

    /** The operand with a type of its own choice. */
    BoundExpression settle(Operand operand) {
        return switch (operand) {
            case Operand.Typed typed -> typed.expression();
            case Operand.Literal literal -> literal(literal, literal.value().defaultType());
        };
    }

    /** The operand as a number of either integer type. */
    BoundExpression integer(Operand operand) {
        BoundExpression value = settle(operand);
        if (value.type() == Type.BOOL) {
            reporter.message(ErrorCode.TYPE_MISMATCH, value.span(), "expected a number, found a bool")
                    .label("this is a bool")
                    .help("to make a number of it: `" + reporter.quote(value.span(), "(...)") + " as u64` is 0 or 1")
                    .report();
            return error(value.span());
        }
        return value;
    }

    /** The operand as a condition. */
    BoundExpression condition(Operand operand) {
        BoundExpression value = settle(operand);
        if (value.type().isInteger()) {
            reporter.message(ErrorCode.TYPE_MISMATCH, value.span(), "expected a bool, found a number")
                    .label("this is " + article(value.type()))
                    .help("compare it: `" + reporter.quote(value.span(), "(...)") + " != 0`")
                    .report();
            return error(value.span());
        }
        return value;
    }

    /** The operand in a given type; {@code what} names the place that asks for it, as in "the key of `vtime`". */
    BoundExpression require(Operand operand, Type type, String what) {
        if (type == Type.ERROR) {
            return settle(operand);
        }
        if (operand instanceof Operand.Literal literal && type.isInteger()) {
            return literal(literal, type);
        }
        BoundExpression value = settle(operand);
        if (value.type() == type || value.type() == Type.ERROR) {
            return value;
        }
        boolean numbers = value.type().isInteger() && type.isInteger();
        String quoted = reporter.quote(value.span(), "(...)");
        reporter.message(
                        ErrorCode.TYPE_MISMATCH,
                        value.span(),
                        what + " is " + article(type) + ", but this is " + article(value.type()))
                .label("expected " + type.keyword() + ", found " + value.type().keyword())
                .help(numbers ? "convert it: `" + castable(quoted) + " as " + type.keyword() + "`" : hint(type, quoted))
                .report();
        return error(value.span());
    }

    /** Like {@link #require}, for a place that stores fewer bits: a constant must fit, other values are cut. */
    BoundExpression requireStorable(Operand operand, StorageType storage, String what) {
        BoundExpression value = require(operand, storage.type(), what);
        if (value instanceof BoundExpression.Constant constant
                && constant.type() != Type.ERROR
                && !storage.holds(constant.value())) {
            reporter.message(
                            ErrorCode.CONSTANT_OUT_OF_RANGE,
                            value.span(),
                            "the constant " + show(constant) + " does not fit in " + storage.keyword())
                    .label(what + " is stored in " + storage.width().bits() + " bits")
                    .report();
            return error(value.span());
        }
        return value;
    }

    /** Both operands of an operator in one integer type; nothing when that cannot be. */
    @Nullable
    Pair unify(BinaryOperator operator, Operand left, Operand right, SourceSpan span) {
        return unify("`" + operator.symbol() + "`", left, right, span);
    }

    /** Both operands of the operation {@code what} in one integer type; nothing when that cannot be. */
    @Nullable
    Pair unify(String what, Operand left, Operand right, SourceSpan span) {
        if (left instanceof Operand.Literal l && right instanceof Operand.Typed) {
            BoundExpression r = integer(right);
            return r.type() == Type.ERROR ? null : pair(literal(l, r.type()), r);
        }
        BoundExpression l = integer(left);
        if (right instanceof Operand.Literal r) {
            return l.type() == Type.ERROR ? null : pair(l, literal(r, l.type()));
        }
        BoundExpression r = integer(right);
        if (l.type() == Type.ERROR || r.type() == Type.ERROR) {
            return null;
        }
        if (l.type() != r.type()) {
            String quotedLeft = reporter.quote(l.span(), "the left side");
            String quotedRight = reporter.quote(r.span(), "the right side");
            reporter.message(ErrorCode.MIXED_SIGNEDNESS, span, "cannot mix u64 and i64 in " + what)
                    .label("`" + quotedLeft + "` is " + l.type().keyword() + ", `" + quotedRight + "` is "
                            + r.type().keyword())
                    .note("comparison, division and right shift differ between signed and unsigned numbers")
                    .help("convert one side: `" + castable(quotedRight) + " as "
                            + l.type().keyword() + "`")
                    .report();
            return null;
        }
        return pair(l, r);
    }

    private static @Nullable Pair pair(BoundExpression left, BoundExpression right) {
        return left.type() == Type.ERROR || right.type() == Type.ERROR ? null : new Pair(left, right);
    }

    private BoundExpression literal(Operand.Literal literal, Type type) {
        Long value = literal.value().in(type);
        if (value != null) {
            return new BoundExpression.Constant(type, value, literal.span());
        }
        String range = type == Type.I64 ? "-2^63 to 2^63 - 1" : "0 to 2^64 - 1";
        reporter.message(
                        ErrorCode.CONSTANT_OUT_OF_RANGE,
                        literal.span(),
                        "the constant " + literal.value().exact() + " does not fit in " + type.keyword())
                .label("a " + type.keyword() + " is expected here")
                .note(type.keyword() + " holds " + range)
                .help(type == Type.U64 ? "if the other side can be negative, convert it: `... as i64`" : null)
                .report();
        return error(literal.span());
    }

    private static String hint(Type type, String quoted) {
        return type == Type.BOOL
                ? "compare it: `" + quoted + " != 0`"
                : "a bool as a number: `" + castable(quoted) + " as " + type.keyword() + "` is 0 or 1";
    }

    /** The text with parentheses when {@code as} would otherwise bind to a part of it. */
    static String castable(String text) {
        return text.matches("[\\w.]+|\\w+[(\\[][^()\\[\\]]*[)\\]]") ? text : "(" + text + ")";
    }

    static String show(BoundExpression.Constant constant) {
        return constant.type() == Type.U64 ? Long.toUnsignedString(constant.value()) : Long.toString(constant.value());
    }

    static String article(Type type) {
        return switch (type) {
            case U64 -> "a u64";
            case I64 -> "an i64";
            case BOOL -> "a bool";
            case ERROR -> "wrong";
        };
    }

    static BoundExpression error(SourceSpan span) {
        return new BoundExpression.Constant(Type.ERROR, 0, span);
    }
}
