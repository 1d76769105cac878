package dev.gbpf.lang.sema;

import dev.gbpf.abi.ContextField;
import dev.gbpf.abi.Helper;
import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.lang.ast.BinaryOperator;
import dev.gbpf.lang.ast.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the meaning of expressions. */
final class ExpressionAnalyzer {
    private final Environment environment;
    private final Reporter reporter;
    private final Conversions conversions;
    private final NameResolver names;
    private final OperatorAnalyzer operators;
    private final CallAnalyzer calls;
    private final RangeAnalyzer ranges;
    private final MatchAnalyzer matches;
    private final BufferAnalyzer buffers;
    /** Whether an {@code else} takes over when the operation that is being analysed overflows. */
    private boolean guarded;

    ExpressionAnalyzer(Environment environment, Reporter reporter) {
        this.environment = environment;
        this.reporter = reporter;
        this.conversions = new Conversions(reporter);
        this.names = new NameResolver(environment, reporter);
        this.operators = new OperatorAnalyzer(conversions, reporter);
        this.calls = new CallAnalyzer(environment, conversions, reporter);
        this.ranges = new RangeAnalyzer(environment);
        this.matches = new MatchAnalyzer(environment, this, conversions, reporter);
        this.buffers = new BufferAnalyzer(environment, this, reporter);
    }

    Conversions conversions() {
        return conversions;
    }

    NameResolver names() {
        return names;
    }

    RangeAnalyzer ranges() {
        return ranges;
    }

    MatchAnalyzer matches() {
        return matches;
    }

    OperatorAnalyzer operators() {
        return operators;
    }

    /** The meaning of an expression in which a checked operator has no {@code else} from outside. */
    Operand analyze(Expression expression) {
        return analyze(expression, false);
    }

    private Operand analyze(Expression expression, boolean inGuard) {
        boolean before = guarded;
        guarded = inGuard;
        Operand operand = operation(expression);
        guarded = before;
        return operand;
    }

    private Operand operation(Expression expression) {
        return switch (expression) {
            case Expression.IntegerLiteral literal ->
                new Operand.Literal(LiteralValue.of(literal.value()), literal.span());
            case Expression.BooleanLiteral literal ->
                new Operand.Typed(new BoundExpression.Constant(Type.BOOL, literal.value() ? 1 : 0, literal.span()));
            case Expression.Name name -> names.value(name.identifier());
            case Expression.Member member -> member(member);
            case Expression.Index index -> index(index);
            case Expression.Otherwise otherwise -> otherwise(otherwise);
            case Expression.Attempt attempt -> buffers.attempt(attempt);
            case Expression.Guarded guard -> guard(guard);
            case Expression.StructLiteral literal -> structLiteral(literal);
            case Expression.Unary unary -> operators.unary(unary, operation(unary.operand()));
            case Expression.Binary binary -> binary(binary);
            case Expression.Cast cast -> cast(cast);
            case Expression.Match match -> match(match);
            case Expression.Call call -> call(call, true);
        };
    }

    private Operand match(Expression.Match match) {
        MatchAnalyzer.Result<Operand> result =
                matches.analyze(match.subject(), match.arms(), match.span(), this::analyze);
        Type type = type(result.arms());
        List<BoundExpression> arms = new ArrayList<>();
        for (Operand arm : result.arms()) {
            arms.add(conversions.require(arm, type, "this match"));
        }
        MatchTable table = result.table();
        return table == null || type == Type.ERROR || arms.stream().anyMatch(a -> a.type() == Type.ERROR)
                ? Operand.error(match.span())
                : new Operand.Typed(ConstantFolder.fold(
                        new BoundExpression.Match(result.subject(), table, arms, type, match.span())));
    }

    /** The type of the first arm; when that is a literal, of the first number that has one, else what fits all literals. */
    private static Type type(List<Operand> arms) {
        if (!arms.isEmpty() && arms.getFirst() instanceof Operand.Typed typed) {
            return typed.type();
        }
        Type type = Type.U64;
        for (Operand arm : arms) {
            if (arm instanceof Operand.Typed typed && typed.type().isInteger()) {
                return typed.type();
            }
            if (arm instanceof Operand.Literal literal && literal.value().defaultType() == Type.I64) {
                type = Type.I64;
            }
        }
        return type;
    }

    /** The meaning of a call that stands as a statement, so that it need not give a value. */
    Operand effect(Expression expression) {
        return expression instanceof Expression.Call call ? call(call, false) : analyze(expression);
    }

    /** Maps without keys. */
    BufferAnalyzer buffers() {
        return buffers;
    }

    /** Whether a helper may be called here; complains when not. */
    boolean mayCall(Expression.Call call, Helper helper) {
        return calls.isCallable(call, helper);
    }

    private Operand call(Expression.Call call, boolean asValue) {
        Optional<BufferOperation> buffer = buffers.operation(call);
        if (buffer.isPresent()) {
            buffers.reportNoValue(call, buffer.get());
            return Operand.error(call.span());
        }
        if (calls.isMapHelper(call)) {
            return Operand.error(call.span());
        }
        List<Operand> arguments = new ArrayList<>();
        call.arguments().forEach(a -> arguments.add(analyze(a)));
        return calls.analyze(call, arguments, asValue);
    }

    private Operand binary(Expression.Binary binary) {
        Operand left = operation(binary.left());
        Operand right = operation(binary.right());
        if (binary.operator().overflow() == BinaryOperator.Overflow.CHECKED && !guarded) {
            String quoted =
                    reporter.quote(binary.span(), "a " + binary.operator().symbol() + " b");
            reporter.message(
                            ErrorCode.CHECKED_WITHOUT_ELSE,
                            binary.span(),
                            "`" + quoted + "` may overflow and has no `else`")
                    .label("no value then")
                    .help("give a fallback: `(" + quoted + " else 0)`\nor let it saturate: `" + quoted.replace('?', '|')
                            + "`")
                    .report();
            return Operand.error(binary.span());
        }
        return operators.binary(binary, left, right);
    }

    private Operand guard(Expression.Guarded guard) {
        Operand operand = analyze(guard.operation(), true);
        Operand otherwise = analyze(guard.fallback());
        if (!(operand instanceof Operand.Typed(BoundExpression operation))) {
            // A constant that overflowed was complained about; one that did not needs no fallback.
            return operand;
        }
        BoundExpression fallback = conversions.require(otherwise, operation.type(), "the value before `else`");
        return operation.type() == Type.ERROR || fallback.type() == Type.ERROR
                ? Operand.error(guard.span())
                : new Operand.Typed(
                        ConstantFolder.fold(new BoundExpression.Guarded(operation, fallback, guard.span())));
    }

    private Operand structLiteral(Expression.StructLiteral literal) {
        reporter.message(
                        ErrorCode.STRUCT_NOT_A_NUMBER,
                        literal.span(),
                        "a struct cannot stand here: numbers can, and structs live in maps")
                .label("expected a number")
                .help("set an entry of a map: `map_name[key] = "
                        + literal.type().name() + " { ... };`")
                .report();
        return Operand.error(literal.span());
    }

    /** Complains about the mistakes in a value whose place is wrong itself. */
    void check(Expression value) {
        if (value instanceof Expression.StructLiteral literal) {
            literal.fields().forEach(f -> check(f.value()));
        } else {
            analyze(value);
        }
    }

    /** A constant, or nothing after a complaint that {@code what} must be one. */
    Operand constant(Expression expression, String what) {
        Operand operand = analyze(expression);
        boolean known = switch (operand) {
            case Operand.Literal _ -> true;
            case Operand.Typed(BoundExpression value) -> value instanceof BoundExpression.Constant;
        };
        if (known) {
            return operand;
        }
        reporter.message(ErrorCode.NOT_CONSTANT, expression.span(), what + " must be a constant")
                .label("only known when the policy runs")
                .report();
        return Operand.error(expression.span());
    }

    private Operand member(Expression.Member member) {
        if (environment.scope().lookup(member.object().name()) instanceof Symbol.Taken taken) {
            return names.number(taken, member.path(), member.span());
        }
        if (environment.scope().lookup(member.object().name()) instanceof Symbol.Found(Entry entry)) {
            entry.markUsed();
            Slot slot = names.fields().number(entry.part(), member.path(), member.span());
            return stored(new Location.Found(entry), slot, member.span());
        }
        ContextField field = names.field(member);
        return field == null
                ? Operand.error(member.span())
                : new Operand.Typed(new BoundExpression.Read(new Place.Field(field), member.span()));
    }

    /** The number that is read, or an error when there is none. */
    private static Operand stored(Location location, @Nullable Slot slot, SourceSpan span) {
        return slot == null
                ? Operand.error(span)
                : new Operand.Typed(new BoundExpression.Read(new Place.Stored(location, slot), span));
    }

    private Operand cast(Expression.Cast cast) {
        Operand operand = operation(cast.operand());
        Type type = names.type(cast.type());
        if (type == Type.ERROR) {
            return Operand.error(cast.span());
        }
        if (operand instanceof Operand.Literal literal && type.isInteger()) {
            Long value = literal.value().in(type);
            // An explicit conversion keeps the 64 bits: -1 as u64 is all ones.
            long bits = value != null ? value : literal.value().exact().longValue();
            return new Operand.Typed(new BoundExpression.Constant(type, bits, cast.span()));
        }
        BoundExpression value = conversions.settle(operand);
        if (type == Type.BOOL && value.type().isInteger()) {
            reporter.message(ErrorCode.INVALID_CAST, cast.span(), "a number cannot be cast to bool")
                    .label("cannot be cast")
                    .help("compare it: `" + reporter.quote(value.span(), "(...)") + " != 0`")
                    .report();
            return Operand.error(cast.span());
        }
        return new Operand.Typed(ConstantFolder.fold(new BoundExpression.Convert(type, value, cast.span())));
    }

    /** A read of a map without a fallback: fine for an index of an array that is known to be in range. */
    private Operand index(Expression.Index index) {
        MapSchema map = names.map(index.map());
        if (map == null) {
            // The mistakes of the key are worth a message, too.
            analyze(index.key());
            return Operand.error(index.span());
        }
        BoundExpression key = key(map, index.key());
        Slot slot = names.fields().number(Part.whole(map.value()), index.path(), index.span());
        if (isElement(map, key)) {
            return stored(element(map, key), slot, index.span());
        }
        if (slot != null && isInRange(map, key)) {
            BoundExpression never = new BoundExpression.Constant(slot.type().type(), 0, index.span());
            return new Operand.Typed(new BoundExpression.Lookup(map, key, slot, never, index.span()));
        }
        if (key.type() != Type.ERROR && slot != null) {
            String read = reporter.quote(index.span(), map.name() + "[...]");
            reporter.message(ErrorCode.ENTRY_MAY_BE_ABSENT, index.span(), "`" + read + "` may have no value")
                    .label(map.isArray() ? "the index may be out of range" : "the key may be absent")
                    .help("give a fallback: `" + read + " else 0`\nor ask first: `if let v = " + read + " { ... }`")
                    .report();
        }
        return Operand.error(index.span());
    }

    private Operand otherwise(Expression.Otherwise otherwise) {
        MapSchema map = names.map(otherwise.read().map());
        if (map == null) {
            analyze(otherwise.read().key());
            analyze(otherwise.fallback());
            return Operand.error(otherwise.span());
        }
        BoundExpression key = key(map, otherwise.read().key());
        Expression.Index read = otherwise.read();
        Slot slot = names.fields().number(Part.whole(map.value()), read.path(), read.span());
        if (slot == null) {
            return Operand.error(otherwise.span());
        }
        Operand operand = analyze(otherwise.fallback());
        BoundExpression fallback =
                conversions.require(operand, slot.type().type(), "the value of `" + map.name() + "`");
        if (key.type() == Type.ERROR || fallback.type() == Type.ERROR) {
            return Operand.error(otherwise.span());
        }
        if (isElement(map, key)) {
            warnAlwaysPresent(otherwise.fallback().span(), map, "this fallback is never used");
            return stored(element(map, key), slot, otherwise.span());
        }
        return new Operand.Typed(new BoundExpression.Lookup(map, key, slot, fallback, otherwise.span()));
    }

    /** The key of a map access, checked against the map's key type and, when it is constant, an array's capacity. */
    BoundExpression key(MapSchema map, Expression expression) {
        String what = (map.isArray() ? "the index of `" : "the key of `") + map.name() + "`";
        Operand operand = analyze(expression);
        if (!map.isArray()) {
            return conversions.requireStorable(operand, map.key(), what);
        }
        BoundExpression key = conversions.require(operand, Type.U64, what);
        int capacity = map.definition().maxEntries();
        if (key instanceof BoundExpression.Constant constant
                && constant.type() != Type.ERROR
                && Long.compareUnsigned(constant.value(), capacity) >= 0) {
            reporter.message(
                            ErrorCode.INDEX_OUT_OF_RANGE,
                            key.span(),
                            "index " + Conversions.show(constant) + " is out of range for `" + map.name() + "`")
                    .label("the last index is " + (capacity - 1))
                    .note("`" + map.name() + "` has " + capacity + (capacity == 1 ? " entry" : " entries")
                            + ", numbered from 0")
                    .report();
            return Conversions.error(key.span());
        }
        return key;
    }

    /** Whether a checked key names an entry that always exists. */
    static boolean isElement(MapSchema map, BoundExpression key) {
        return map.isArray() && key instanceof BoundExpression.Constant && key.type() != Type.ERROR;
    }

    /** Whether a checked key is known to name an entry that always exists, whatever it is at run time. */
    boolean isInRange(MapSchema map, BoundExpression key) {
        return map.isArray()
                && key.type() != Type.ERROR
                && Long.compareUnsigned(
                                ranges.range(key).max(), map.definition().maxEntries())
                        < 0;
    }

    static Location.Element element(MapSchema map, BoundExpression key) {
        return new Location.Element(map, (int) ((BoundExpression.Constant) key).value());
    }

    void warnAlwaysPresent(SourceSpan span, MapSchema map, String message) {
        reporter.message(ErrorCode.ALWAYS_PRESENT, span, message)
                .label("never needed")
                .note("`" + map.name() + "` is an array and the index is a constant, so the entry is always there")
                .report();
    }

    Environment environment() {
        return environment;
    }
}
