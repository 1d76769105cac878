package dev.gbpf.lang.sema;

import dev.gbpf.abi.Helper;
import dev.gbpf.abi.MapKind;
import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.lang.ast.Expression;
import dev.gbpf.lang.ast.Identifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks {@code push}, {@code pop}, {@code peek} and {@code emit}. None of them goes without saying what happens when the map is
 * full or empty. A record of a ring buffer is reserved, filled and submitted by one statement, so none stays reserved.
 */
final class BufferAnalyzer {
    private final Environment environment;
    private final ExpressionAnalyzer expressions;
    private final Reporter reporter;

    BufferAnalyzer(Environment environment, ExpressionAnalyzer expressions, Reporter reporter) {
        this.environment = environment;
        this.expressions = expressions;
        this.reporter = reporter;
    }

    /** A map that is asked for a value. */
    record Taking(BufferOperation operation, MapSchema map) {
        /** The helper that gives it. */
        Helper helper() {
            return operation.helpers().getFirst();
        }
    }

    /** The operation that a call is; nothing for the call of a function or helper. */
    Optional<BufferOperation> operation(Expression expression) {
        return expression instanceof Expression.Call call
                        && !(environment.scope().lookup(call.function().name()) instanceof Symbol.Function)
                ? BufferOperation.byWord(call.function().name())
                : Optional.empty();
    }

    /** {@code push(map, value) else otherwise}; null after a complaint. */
    @Nullable
    BoundStatement put(
            BufferOperation operation, Expression.Call call, @Nullable BoundBlock otherwise, SourceSpan span) {
        if (!operation.takesValue()) {
            reportNoValue(call, operation);
            return null;
        }
        MapSchema map = map(operation, call);
        if (map == null) {
            return null;
        }
        StoredValue value = new ValueAnalyzer(expressions, reporter)
                .value(call.arguments().get(1), Part.whole(map.value()), "the value of `" + map.name() + "`");
        if (otherwise == null) {
            reporter.message(ErrorCode.MAY_BE_FULL, call.span(), "`" + map.name() + "` may be full")
                    .label("the value would be lost")
                    .help("say what then: `" + reporter.quote(call.span(), operation.signature()) + " else { ... }`; "
                            + "`else { }` does nothing")
                    .report();
            return null;
        }
        return value == null ? null : new BoundStatement.Put(operation, map, value, otherwise, span);
    }

    /** What {@code pop(map)} or {@code peek(map)} asks for; null after a complaint, or when it is something else. */
    @Nullable
    Taking taking(Expression.Call call) {
        BufferOperation operation = operation(call).orElse(null);
        if (operation == null || operation.takesValue()) {
            return null;
        }
        MapSchema map = map(operation, call);
        return map == null ? null : new Taking(operation, map);
    }

    /** A name for the value that is asked for. */
    Symbol.Taken name(Identifier name, MapSchema map) {
        List<Variable> numbers = new ArrayList<>();
        for (Slot slot : map.value().slots()) {
            numbers.add(new Variable(name.name(), slot.type().type(), Variable.Kind.LET, name.span()));
        }
        return new Symbol.Taken(name.name(), map.value(), numbers, name.span());
    }

    /** {@code pop(map) else fallback}. */
    Operand attempt(Expression.Attempt attempt) {
        Expression.Call call = attempt.call();
        Taking taking = taking(call);
        if (taking == null) {
            if (operation(call).filter(o -> !o.takesValue()).isEmpty()) {
                reporter.message(ErrorCode.ELSE_WITHOUT_MAP_READ, call.span(), "this call always has a value")
                        .label("needs no `else`")
                        .help("take the `else` out")
                        .report();
            }
            expressions.analyze(attempt.fallback());
            return Operand.error(attempt.span());
        }
        Slot slot = expressions.names().fields().number(Part.whole(taking.map().value()), List.of(), call.span());
        Operand operand = expressions.analyze(attempt.fallback());
        if (slot == null) {
            return Operand.error(attempt.span());
        }
        String what = "the value of `" + taking.map().name() + "`";
        BoundExpression fallback =
                expressions.conversions().require(operand, slot.type().type(), what);
        return fallback.type() == Type.ERROR
                ? Operand.error(attempt.span())
                : new Operand.Typed(
                        new BoundExpression.Take(taking.helper(), taking.map(), slot, fallback, attempt.span()));
    }

    /** Complains about an operation that stands where it says nothing about failing, or has no value at all. */
    void reportNoValue(Expression.Call call, BufferOperation operation) {
        String quoted = reporter.quote(call.span(), operation.signature());
        if (operation.takesValue()) {
            reporter.message(ErrorCode.NO_VALUE, call.span(), "`" + operation.word() + "` gives no value")
                    .label("a statement of its own")
                    .help("write `" + quoted + " else { ... }`")
                    .report();
        } else {
            reporter.message(ErrorCode.ENTRY_MAY_BE_ABSENT, call.span(), "`" + quoted + "` may have no value")
                    .label("there may be none")
                    .help("give a fallback: `" + quoted + " else 0`\nor ask first: `if let v = " + quoted + " { ... }`")
                    .report();
        }
    }

    private @Nullable MapSchema map(BufferOperation operation, Expression.Call call) {
        if (call.arguments().size() != operation.arguments()) {
            reporter.message(
                            ErrorCode.ARGUMENT_COUNT,
                            call.span(),
                            "`" + operation.word() + "` takes " + operation.arguments()
                                    + (operation.arguments() == 1 ? " argument" : " arguments") + ", found "
                                    + call.arguments().size())
                    .label("expected `" + operation.signature() + "`")
                    .report();
            return null;
        }
        Expression first = call.arguments().getFirst();
        Symbol symbol =
                first instanceof Expression.Name name ? environment.scope().lookup(name.name()) : null;
        if (!(symbol instanceof Symbol.Map map)) {
            reporter.message(ErrorCode.NOT_A_MAP, first.span(), "`" + operation.word() + "` needs a map to work on")
                    .label("not a map")
                    .help("declare it: `map waiting: "
                            + operation.kinds().getFirst().keyword() + "<u64>["
                            + (operation == BufferOperation.EMIT ? "4KiB" : "64") + "];`")
                    .report();
            return null;
        }
        map.markUsed();
        MapSchema schema = map.schema();
        if (schema == null) {
            return null;
        }
        MapKind kind = schema.definition().kind();
        if (!operation.kinds().contains(kind)) {
            reporter.message(
                            ErrorCode.WRONG_MAP_KIND,
                            first.span(),
                            "`" + operation.word() + "` is not for a " + kind.keyword())
                    .label("is a " + kind.keyword())
                    .help(help(kind, schema.name()))
                    .note("`" + operation.word() + "` is for "
                            + operation.kinds().stream().map(MapKind::keyword).collect(Collectors.joining(" and ")))
                    .report();
            return null;
        }
        return operation.helpers().stream().allMatch(h -> expressions.mayCall(call, h)) ? schema : null;
    }

    /** How a map of a kind is used. */
    static String help(MapKind kind, String name) {
        return switch (kind) {
            case QUEUE, STACK ->
                "values go in with `push(" + name + ", value) else { ... }` and come out with `pop(" + name
                        + ") else 0`";
            case RINGBUF -> "records go in with `emit(" + name + ", value) else { ... }`; programs cannot read them";
            case HASH, LRU_HASH, ARRAY, PERCPU_ARRAY, SNAPSHOT, COUNTERS -> "read an entry: `" + name + "[key] else 0`";
        };
    }
}
