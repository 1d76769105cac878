package dev.gbpf.lang.sema;

import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.lang.ast.Expression;
import dev.gbpf.lang.ast.Statement;

/** Checks that a loop's range says how often it runs at most. */
final class LoopAnalyzer {
    /** Greatest constant bound, so that the exit test fits in one instruction. */
    static final long MAX_BOUND = Integer.MAX_VALUE;

    private final ExpressionAnalyzer expressions;
    private final Conversions conversions;
    private final Reporter reporter;

    LoopAnalyzer(ExpressionAnalyzer expressions, Reporter reporter) {
        this.expressions = expressions;
        this.conversions = expressions.conversions();
        this.reporter = reporter;
    }

    /**
     * What a loop runs over.
     *
     * @param limit greatest number of iterations, or -1 when {@code to} is a constant
     */
    record Range(BoundExpression from, BoundExpression to, long limit) {}

    Range range(Statement.For loop) {
        BoundExpression from = bound(loop.from(), "the start of a loop");
        BoundExpression to = bound(loop.to(), "the end of a loop");
        Expression limit = loop.limit();
        if (limit == null) {
            requireConstantEnd(to);
            warnIfEmpty(loop, from, to);
            return new Range(from, to, -1);
        }
        BoundExpression most = conversions.require(
                expressions.constant(limit, "the limit after `max`"), Type.U64, "the limit after `max`");
        long value = most instanceof BoundExpression.Constant constant && constant.type() != Type.ERROR
                ? constant.value()
                : 0;
        if (isTooLarge(value)) {
            reportTooLarge(most.span(), "the limit", value);
            value = 0;
        }
        long start = from instanceof BoundExpression.Constant constant ? constant.value() : 0;
        if (!isTooLarge(start) && start + value > MAX_BOUND) {
            reportTooLarge(loop.span(), "the start plus the limit", start + value);
        }
        warnIfEmpty(loop, from, to);
        return new Range(from, to, value);
    }

    private BoundExpression bound(Expression expression, String what) {
        BoundExpression bound = conversions.require(expressions.analyze(expression), Type.U64, what);
        if (bound instanceof BoundExpression.Constant constant
                && constant.type() == Type.U64
                && isTooLarge(constant.value())) {
            reportTooLarge(bound.span(), what, constant.value());
            return Conversions.error(bound.span());
        }
        return bound;
    }

    private void requireConstantEnd(BoundExpression to) {
        if (to instanceof BoundExpression.Constant) {
            return;
        }
        String quoted = reporter.quote(to.span(), "...");
        reporter.message(ErrorCode.UNBOUNDED_LOOP, to.span(), "this loop has no constant bound")
                .label("only known when the policy runs")
                .note("a policy is accepted only when every loop is sure to end soon")
                .help("say how often it may run at most: `.." + quoted + " max 64`")
                .report();
    }

    private void warnIfEmpty(Statement.For loop, BoundExpression from, BoundExpression to) {
        if (from instanceof BoundExpression.Constant(Type type, long first, var _)
                && to instanceof BoundExpression.Constant(Type _, long last, var _)
                && type == Type.U64
                && first >= last) {
            reporter.message(ErrorCode.LOOP_NEVER_RUNS, loop.span(), "this loop never runs")
                    .label("the end is not above the start")
                    .note("`a..b` goes up from a and stops before b")
                    .report();
        }
    }

    private void reportTooLarge(SourceSpan span, String what, long value) {
        reporter.message(
                        ErrorCode.LOOP_BOUND_OUT_OF_RANGE,
                        span,
                        what + " is " + Long.toUnsignedString(value) + ", more than a loop can count to")
                .label("at most " + MAX_BOUND)
                .report();
    }

    private static boolean isTooLarge(long value) {
        return Long.compareUnsigned(value, MAX_BOUND) > 0;
    }
}
