package dev.gbpf.lang.sema;

import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.lang.ast.BinaryOperator;
import dev.gbpf.lang.ast.Expression;
import dev.gbpf.lang.ast.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks that a loop's range says how often it runs at most. */
final class LoopAnalyzer {
    /** Greatest constant bound, so that the exit test fits in one instruction. */
    static final long MAX_BOUND = Integer.MAX_VALUE;
    /** Greatest number of iterations that is inferred; no hook's budget allows more. */
    static final long MAX_INFERRED = 1_000_000;

    private final Environment environment;
    private final ExpressionAnalyzer expressions;
    private final Conversions conversions;
    private final Reporter reporter;

    LoopAnalyzer(ExpressionAnalyzer expressions, Reporter reporter) {
        this.environment = expressions.environment();
        this.expressions = expressions;
        this.conversions = expressions.conversions();
        this.reporter = reporter;
    }

    /**
     * What a loop runs over.
     *
     * @param to the end, which is not in the range
     * @param limit greatest number of iterations, or -1 when {@code to} is a constant
     */
    record Range(BoundExpression from, BoundExpression to, long limit) {}

    Range range(Statement.For loop) {
        BoundExpression from = bound(loop.from(), "the start of a loop");
        BoundExpression to = end(loop);
        Expression limit = loop.limit();
        if (limit == null) {
            warnIfEmpty(loop, from, to);
            return new Range(from, to, to instanceof BoundExpression.Constant ? -1 : inferred(loop, from, to));
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

    /** The map that a loop goes through; null after a complaint. */
    @Nullable
    MapSchema map(Statement.ForEach loop) {
        if (!(loop.map() instanceof Expression.Name(String name, var _))
                || !(environment.scope().lookup(name) instanceof Symbol.Map symbol)) {
            Operand operand = expressions.analyze(loop.map());
            if (operand instanceof Operand.Typed(BoundExpression value) && value.type() == Type.ERROR) {
                return null;
            }
            String text = reporter.quote(loop.map().span(), "...");
            reporter.message(ErrorCode.LOOP_OVER_MAP, loop.map().span(), "a loop goes through a range or a map")
                    .label("neither")
                    .help("to count: `for " + loop.key().name() + " in 0.." + text + " max 64 { ... }`")
                    .report();
            return null;
        }
        symbol.markUsed();
        MapSchema map = symbol.schema();
        if (map == null || map.definition().kind().isKeyed()) {
            return map;
        }
        String kind = map.definition().kind().keyword();
        reporter.message(ErrorCode.LOOP_OVER_MAP, loop.map().span(), "a loop cannot go through a " + kind)
                .label("is a " + kind)
                .help(BufferAnalyzer.help(map.definition().kind(), name))
                .report();
        return null;
    }

    /** A loop over all elements of an array. */
    BoundStatement elements(Statement.ForEach loop, Variable index, Entry entry, BoundBlock body) {
        SourceSpan span = loop.span();
        List<BoundStatement> statements = new ArrayList<>();
        if (loop.value() != null) {
            BoundExpression key = new BoundExpression.Read(new Place.Local(index), span);
            // Never out of range; a lookup wants to know what to do then.
            BoundBlock next = new BoundBlock(List.of(new BoundStatement.Continue(span)));
            statements.add(new BoundStatement.Find(entry, key, next, span));
        }
        statements.addAll(body.statements());
        BoundExpression first = new BoundExpression.Constant(Type.U64, 0, span);
        BoundExpression end =
                new BoundExpression.Constant(Type.U64, entry.map().definition().maxEntries(), span);
        return new BoundStatement.Loop(index, first, end, -1, new BoundBlock(statements), span);
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

    /** The end as it is written, or the number after it when it belongs to the range. */
    private BoundExpression end(Statement.For loop) {
        BoundExpression written = bound(loop.to(), "the end of a loop");
        if (!loop.inclusive() || written.type() != Type.U64) {
            return written;
        }
        if (written instanceof BoundExpression.Constant(var _, long last, SourceSpan span) && last == MAX_BOUND) {
            reportTooLarge(span, "the end of a loop", last);
            return Conversions.error(span);
        }
        // Nothing is greater than the greatest number: a range never contains it.
        boolean mayWrap = expressions.ranges().range(written).max() == -1;
        BinaryOperator plus = mayWrap ? BinaryOperator.ADD_SATURATING : BinaryOperator.ADD;
        BoundExpression one = new BoundExpression.Constant(Type.U64, 1, written.span());
        return ConstantFolder.fold(new BoundExpression.Arithmetic(plus, written, one, written.span()));
    }

    /** How often a loop without `max` runs at most; complains when nothing says so. */
    private long inferred(Statement.For loop, BoundExpression from, BoundExpression to) {
        long first = expressions.ranges().range(from).min();
        long last = expressions.ranges().range(to).max();
        long greatest = loop.inclusive() ? last - 1 : last;
        long most = Long.compareUnsigned(first, last) >= 0 ? 0 : last - first;
        if (Long.compareUnsigned(most, MAX_INFERRED) <= 0) {
            return most;
        }
        String begin = reporter.quote(loop.from().span(), "a");
        String end = reporter.quote(loop.to().span(), "b");
        String range = begin + (loop.inclusive() ? "..=" : "..");
        String head = "for " + loop.variable().name() + " in " + range;
        reporter.message(ErrorCode.UNBOUNDED_LOOP, loop.to().span(), "nothing bounds this loop")
                .label(last == -1 ? "may be any number" : "may be as much as " + Long.toUnsignedString(greatest))
                .note("a policy is accepted only when every loop is sure to end soon")
                .help("say how often it may run at most: `" + head + end + " max 64 { ... }`\n" + "or bound the end: `"
                        + head + "min(" + end + ", 64) { ... }`")
                .report();
        return 0;
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
