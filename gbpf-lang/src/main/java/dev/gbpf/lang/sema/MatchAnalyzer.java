package dev.gbpf.lang.sema;

import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.lang.ast.Expression;
import dev.gbpf.lang.ast.MatchArm;
import dev.gbpf.lang.ast.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds out which arm of a {@code match} stands for which values, and whether none is left out. */
final class MatchAnalyzer {
    /** Missing values that a message names. */
    private static final int MOST_NAMED = 3;

    private final Environment environment;
    private final ExpressionAnalyzer expressions;
    private final Conversions conversions;
    private final Reporter reporter;

    MatchAnalyzer(Environment environment, ExpressionAnalyzer expressions, Conversions conversions, Reporter reporter) {
        this.environment = environment;
        this.expressions = expressions;
        this.conversions = conversions;
        this.reporter = reporter;
    }

    /**
     * The meaning of a match.
     *
     * @param subject what is looked at
     * @param table which arm its values lead to; null after a complaint
     * @param arms what was made of the bodies
     */
    record Result<R>(BoundExpression subject, @Nullable MatchTable table, List<R> arms) {}

    /** The match of a subject; {@code analysis} is done to each body, in a scope that knows what its patterns say. */
    <T, R> Result<R> analyze(Expression subject, List<MatchArm<T>> arms, SourceSpan span, Function<T, R> analysis) {
        BoundExpression value = conversions.settle(expressions.analyze(subject));
        Type type = value.type();
        Coverage coverage = coverage(value);
        List<R> bodies = new ArrayList<>();
        boolean wrong = type == Type.ERROR;
        for (int i = 0; i < arms.size(); i++) {
            ValueRange range = ValueRange.ALL;
            boolean first = true;
            for (Pattern pattern : arms.get(i).patterns()) {
                @Nullable Values values = values(pattern, type);
                wrong |= values == null;
                if (values != null && type != Type.ERROR) {
                    take(coverage, values, i, pattern);
                    range = first ? values.range() : range.join(values.range());
                    first = false;
                }
            }
            Scope outer = environment.scope();
            environment.enter();
            if (type == Type.U64 && !first) {
                expressions.ranges().assumeIn(value, range);
            }
            bodies.add(analysis.apply(arms.get(i).body()));
            environment.leave(outer);
        }
        if (wrong) {
            return new Result<>(value, null, bodies);
        }
        List<MatchTable.Segment> missing = coverage.missing();
        if (!missing.isEmpty()) {
            reportMissing(span, type, missing);
            return new Result<>(value, null, bodies);
        }
        return new Result<>(value, coverage.table(), bodies);
    }

    private Coverage coverage(BoundExpression value) {
        return switch (value.type()) {
            case U64 -> {
                ValueRange range = expressions.ranges().range(value);
                yield new Coverage(Type.U64, range.min(), range.max());
            }
            case I64 -> new Coverage(Type.I64, Long.MIN_VALUE, Long.MAX_VALUE);
            case BOOL, ERROR -> new Coverage(Type.BOOL, 0, 1);
        };
    }

    /** What a pattern stands for; {@code rest} for all that is left. */
    private record Values(long first, long last, boolean rest) {
        ValueRange range() {
            return rest ? ValueRange.ALL : new ValueRange(first, last);
        }
    }

    private void take(Coverage coverage, Values values, int arm, Pattern pattern) {
        boolean found = values.rest() ? coverage.takeRest(arm) : coverage.take(values.first(), values.last(), arm);
        if (!found) {
            reporter.message(ErrorCode.UNREACHABLE_ARM, pattern.span(), "this pattern never decides")
                    .label(
                            values.rest()
                                    ? "nothing is left for it"
                                    : "an earlier arm takes these values, or they do not occur")
                    .help("take it out")
                    .report();
        }
    }

    /** The values of a pattern; null after a complaint. */
    private @Nullable Values values(Pattern pattern, Type type) {
        return switch (pattern) {
            case Pattern.Any _ -> new Values(0, -1, true);
            case Pattern.Value(Expression expression) -> {
                @Nullable Long value = constant(expression, type);
                yield value == null ? null : new Values(value, value, false);
            }
            case Pattern.Range range -> range(range, type);
        };
    }

    private @Nullable Values range(Pattern.Range range, Type type) {
        @Nullable Long first = constant(range.first(), type);
        @Nullable Long last = constant(range.last(), type);
        if (first == null || last == null) {
            return null;
        }
        if (type == Type.BOOL) {
            reporter.message(ErrorCode.TYPE_MISMATCH, range.span(), "a range is made of numbers, not of bools")
                    .label("not a range")
                    .help("write `true`, `false` or `_`")
                    .report();
            return null;
        }
        int order = Long.compareUnsigned(MatchTable.key(type, first), MatchTable.key(type, last));
        if (range.inclusive() ? order > 0 : order >= 0) {
            String start = reporter.quote(range.first().span(), "a");
            String end = reporter.quote(range.last().span(), "b");
            reporter.message(ErrorCode.EMPTY_PATTERN, range.span(), "this range is empty")
                    .label("holds no value")
                    .note("`a..b` goes up from a and stops before b, `a..=b` includes b")
                    .help(
                            order > 0
                                    ? "turn it round: `" + end + "..=" + start + "`"
                                    : "for the one value write `" + start + "`")
                    .report();
            return null;
        }
        return new Values(first, range.inclusive() ? last : last - 1, false);
    }

    private @Nullable Long constant(Expression expression, Type type) {
        BoundExpression value =
                conversions.require(expressions.constant(expression, "a pattern"), type, "what is matched");
        return value instanceof BoundExpression.Constant constant && constant.type() != Type.ERROR
                ? (Long) constant.value()
                : null;
    }

    private void reportMissing(SourceSpan span, Type type, List<MatchTable.Segment> missing) {
        List<String> shown =
                missing.stream().limit(MOST_NAMED).map(s -> show(s, type)).toList();
        String names = shown.stream().map(s -> "`" + s + "`").collect(Collectors.joining(", "));
        reporter.message(
                        ErrorCode.NOT_EXHAUSTIVE,
                        span,
                        "this match leaves out " + names + (missing.size() > MOST_NAMED ? " and others" : ""))
                .label("not every value has an arm")
                .help(type == Type.BOOL ? "add an arm: `" + shown.getFirst() + " => ...`" : "add an arm: `_ => ...`")
                .report();
    }

    private static String show(MatchTable.Segment segment, Type type) {
        String first = show(segment.first(), type);
        return segment.isSingle() ? first : first + "..=" + show(segment.last(), type);
    }

    private static String show(long value, Type type) {
        return type == Type.BOOL
                ? String.valueOf(value != 0)
                : type == Type.U64 ? Long.toUnsignedString(value) : Long.toString(value);
    }
}
