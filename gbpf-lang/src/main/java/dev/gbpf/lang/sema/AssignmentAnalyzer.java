package dev.gbpf.lang.sema;

import dev.gbpf.abi.ContextField;
import dev.gbpf.abi.Hook;
import dev.gbpf.abi.MapKind;
import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.lang.ast.BinaryOperator;
import dev.gbpf.lang.ast.Expression;
import dev.gbpf.lang.ast.Identifier;
import dev.gbpf.lang.ast.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the meaning of assignments. */
final class AssignmentAnalyzer {
    private final Environment environment;
    private final ExpressionAnalyzer expressions;
    private final Conversions conversions;
    private final ValueAnalyzer values;
    private final Reporter reporter;

    AssignmentAnalyzer(Environment environment, ExpressionAnalyzer expressions, Reporter reporter) {
        this.environment = environment;
        this.expressions = expressions;
        this.conversions = expressions.conversions();
        this.values = new ValueAnalyzer(expressions, reporter);
        this.reporter = reporter;
    }

    /**
     * The bound assignment; null after a complaint.
     *
     * @param otherwise the bound {@code else} block, or null when there is none
     */
    @Nullable
    BoundStatement analyze(Statement.Assignment assignment, @Nullable BoundBlock otherwise) {
        if (assignment.target() instanceof Expression.Index index) {
            return toMap(assignment, index, otherwise);
        }
        if (assignment.otherwise() != null) {
            reporter.message(
                            ErrorCode.ELSE_WITHOUT_MAP_WRITE,
                            assignment.target().span(),
                            "`else` after an assignment needs a map entry as its target")
                    .label("this assignment cannot fail")
                    .help("take the `else` block out")
                    .report();
        }
        Entry entry = entry(assignment.target());
        if (entry != null && !changes(entry.map(), assignment)) {
            expressions.check(assignment.value());
            return null;
        }
        if (entry != null) {
            List<Identifier> path = assignment.target() instanceof Expression.Member member ? member.path() : List.of();
            return toPart(assignment, new Location.Found(entry), entry.part(), path);
        }
        Place place = switch (assignment.target()) {
            case Expression.Name name -> named(name.identifier());
            case Expression.Member member -> field(member);
            default -> notAssignable(assignment.target().span());
        };
        Operand value = expressions.analyze(assignment.value());
        return place == null ? null : toPlace(assignment, place, value);
    }

    /** Whether values of the map change so: counters are added to, and nothing else; complains when not. */
    private boolean changes(MapSchema map, Statement.Assignment assignment) {
        if (map.definition().kind() != MapKind.COUNTERS || assignment.operator() == BinaryOperator.ADD) {
            return true;
        }
        reporter.message(
                        ErrorCode.COUNTER_CHANGE,
                        assignment.target().span(),
                        "`" + map.name() + "` counts: it can only be added to")
                .label("is one of counters")
                .note("each block of the device has counters of its own, and what others read is their sum")
                .help("add to it: `" + reporter.quote(assignment.target().span(), map.name() + "[key]") + " += ...;`")
                .report();
        return false;
    }

    /** The entry that a target stands for, or is a field of; null when it is something else. */
    private @Nullable Entry entry(Expression target) {
        Identifier name = switch (target) {
            case Expression.Name found -> found.identifier();
            case Expression.Member member -> member.object();
            default -> null;
        };
        if (name == null || !(environment.scope().lookup(name.name()) instanceof Symbol.Found(Entry entry))) {
            return null;
        }
        entry.markUsed();
        return entry;
    }

    /** An assignment to a value of a map, or to a field of one, that is sure to be there. */
    private @Nullable BoundStatement toPart(
            Statement.Assignment assignment, Location location, Part whole, List<Identifier> path) {
        Part part = expressions.names().fields().resolve(whole, path);
        if (part == null) {
            expressions.check(assignment.value());
            return null;
        }
        String what = "`" + reporter.quote(assignment.target().span(), "the target") + "`";
        return switch (part.type()) {
            case StorageType type ->
                toPlace(
                        assignment,
                        new Place.Stored(location, new Slot(part.offset(), type)),
                        expressions.analyze(assignment.value()));
            case StructType struct
            when assignment.operator() != null -> {
                expressions
                        .names()
                        .fields()
                        .reportStruct(struct, assignment.target().span());
                yield null;
            }
            case StructType _ -> {
                StoredValue value = values.value(assignment.value(), part, what);
                yield value == null ? null : new BoundStatement.Replace(location, value, assignment.span());
            }
        };
    }

    private @Nullable BoundStatement toPlace(Statement.Assignment assignment, Place place, Operand operand) {
        BinaryOperator operator = assignment.operator();
        String what = "`" + reporter.quote(assignment.target().span(), "the target") + "`";
        if (operator != null && place.type() == Type.BOOL) {
            reportBool(assignment, operator, what);
            return null;
        }
        if (operator == BinaryOperator.LSH || operator == BinaryOperator.RSH) {
            BoundExpression count = conversions.integer(operand);
            return modify(assignment, place, operator, count);
        }
        BoundExpression value = storable(operand, place, what, operator == null);
        if (value.type() == Type.ERROR) {
            return null;
        }
        return operator == null
                ? new BoundStatement.Store(place, value, assignment.span())
                : modify(assignment, place, operator, value);
    }

    private void reportBool(Statement.Assignment assignment, BinaryOperator operator, String what) {
        reporter.message(
                        ErrorCode.TYPE_MISMATCH,
                        assignment.span(),
                        "`" + operator.symbol() + "=` needs a number, but " + what + " is a bool")
                .label("not a number")
                .help("bools are combined with `&&`, `||` and `!`")
                .report();
    }

    private @Nullable BoundStatement modify(
            Statement.Assignment assignment, Place place, BinaryOperator operator, BoundExpression value) {
        if (value.type() == Type.ERROR || place.type() == Type.ERROR) {
            return null;
        }
        expressions.operators().warnAboutConstant(operator, value);
        return new BoundStatement.Modify(place, operator, value, assignment.span());
    }

    /** A constant that is stored as it is must fit in storage; an operand of a compound assignment need not. */
    private BoundExpression storable(Operand operand, Place place, String what, boolean stored) {
        StorageType storage = switch (place) {
            case Place.Stored(var _, Slot slot) -> slot.type();
            case Place.Field(ContextField field) -> field.width().bytes() == 8 ? StorageType.U64 : StorageType.U32;
            case Place.Local _ -> null;
        };
        return storage == null || !stored
                ? conversions.require(operand, place.type(), what)
                : conversions.requireStorable(operand, storage, what);
    }

    private @Nullable BoundStatement toMap(
            Statement.Assignment assignment, Expression.Index index, @Nullable BoundBlock otherwise) {
        MapSchema map = expressions.names().map(index.map());
        if (map == null) {
            expressions.analyze(index.key());
            expressions.check(assignment.value());
            return null;
        }
        BoundExpression key = expressions.key(map, index.key());
        if (!changes(map, assignment)) {
            expressions.check(assignment.value());
            return null;
        }
        Part whole = Part.whole(map.value());
        if (ExpressionAnalyzer.isElement(map, key)) {
            if (assignment.otherwise() != null) {
                expressions.warnAlwaysPresent(index.span(), map, "this assignment cannot fail");
            }
            return toPart(assignment, ExpressionAnalyzer.element(map, key), whole, index.path());
        }
        if (assignment.operator() != null || !index.path().isEmpty()) {
            return toPresent(assignment, index, map, key, otherwise);
        }
        StoredValue value = values.value(assignment.value(), whole, "the value of `" + map.name() + "`");
        return key.type() == Type.ERROR || value == null
                ? null
                : new BoundStatement.Update(map, key, value, otherwise, assignment.span());
    }

    /** A change of an entry that may be absent: it needs an {@code else}, unless the index is known to be in range. */
    private @Nullable BoundStatement toPresent(
            Statement.Assignment assignment,
            Expression.Index index,
            MapSchema map,
            BoundExpression key,
            @Nullable BoundBlock otherwise) {
        Entry entry = new Entry(map.name() + "[...]", map, Part.whole(map.value()), index.span());
        BoundStatement change = toPart(assignment, new Location.Found(entry), entry.part(), index.path());
        if (change == null || key.type() == Type.ERROR) {
            return null;
        }
        if (otherwise == null && !expressions.isInRange(map, key)) {
            reportNoElse(assignment, index, map);
            return null;
        }
        BoundStatement.Branch present = new BoundStatement.Branch(
                new BoundStatement.Condition.Present(entry, key, index.span()), new BoundBlock(List.of(change)));
        return new BoundStatement.If(List.of(present), otherwise, assignment.span());
    }

    private void reportNoElse(Statement.Assignment assignment, Expression.Index index, MapSchema map) {
        String target = reporter.quote(index.span(), map.name() + "[...]");
        String value = reporter.quote(assignment.value().span(), "...");
        String operator =
                assignment.operator() == null ? "=" : assignment.operator().symbol() + "=";
        boolean adds = assignment.operator() == BinaryOperator.ADD
                && !map.isArray()
                && index.path().isEmpty();
        String otherwise = adds ? target + " = " + value + ";" : "return;";
        reporter.message(ErrorCode.ENTRY_MAY_BE_ABSENT, index.span(), "`" + target + "` may have no value to change")
                .label(map.isArray() ? "the index may be out of range" : "the key may be absent")
                .help("say what then: `" + target + " " + operator + " " + value + " else { " + otherwise + " }`")
                .report();
    }

    private @Nullable Place named(Identifier identifier) {
        Symbol symbol = environment.scope().lookup(identifier.name());
        if (symbol == null) {
            if (NameResolver.isReserved(identifier.name())) {
                return immutable(identifier, NameResolver.reservedAs(identifier.name()), null, null);
            }
            expressions.names().reportUnknown(identifier);
            return null;
        }
        return switch (symbol) {
            case Symbol.Local(Variable variable, var _) -> {
                if (!variable.mutable()) {
                    variable.countRead();
                    yield immutable(identifier, variable.kind(), variable.span(), variable.adviceToChange());
                }
                variable.countWrite();
                yield new Place.Local(variable);
            }
            case Symbol.Taken taken -> {
                taken.numbers().forEach(Variable::countRead);
                yield immutable(identifier, "a copy of what was taken", taken.span(), null);
            }
            case Symbol.Found _ -> throw new IllegalStateException("entries are assigned to before this");
            case Symbol.Struct struct -> immutable(identifier, "a struct", struct.span(), "set an entry of a map");
            case Symbol.Constant constant -> {
                constant.markUsed();
                yield immutable(
                        identifier, "a constant", constant.span(), "what must change lives in a variable or a map");
            }
            case Symbol.Map map -> {
                map.markUsed();
                yield immutable(
                        identifier, "a map", map.span(), "set an entry: `" + identifier.name() + "[key] = value;`");
            }
            case Symbol.Function function -> immutable(identifier, "a function", function.span(), null);
            case Symbol.Context context -> immutable(identifier, "the context", context.span(), writableFields());
        };
    }

    private @Nullable Place immutable(
            Identifier identifier, String kind, @Nullable SourceSpan declared, @Nullable String help) {
        var message = reporter.message(
                        ErrorCode.IMMUTABLE, identifier.span(), "cannot assign to `" + identifier.name() + "`")
                .label("it is " + kind)
                .help(help);
        if (declared != null) {
            message.note("`" + identifier.name() + "` is declared in line " + declared.line());
        }
        message.report();
        return null;
    }

    private @Nullable Place field(Expression.Member member) {
        ContextField field = expressions.names().field(member);
        if (field == null) {
            return null;
        }
        if (!field.writable()) {
            reporter.message(
                            ErrorCode.FIELD_NOT_WRITABLE,
                            member.span(),
                            "`" + field.name() + "` is an input of the hook and cannot be assigned")
                    .label("read-only")
                    .note(writableFields())
                    .report();
            return null;
        }
        return new Place.Field(field);
    }

    private String writableFields() {
        Hook hook = environment.hook();
        List<String> writable = hook == null
                ? List.of()
                : hook.context().fields().stream()
                        .filter(ContextField::writable)
                        .map(ContextField::name)
                        .toList();
        String name = hook == null ? "this hook" : hook.symbol();
        return writable.isEmpty()
                ? name + " has no writable fields"
                : "writable fields of " + name + ": " + String.join(", ", writable);
    }

    private @Nullable Place notAssignable(SourceSpan span) {
        reporter.message(ErrorCode.NOT_ASSIGNABLE, span, "this cannot be assigned to")
                .label("not a variable, map entry or context field")
                .report();
        return null;
    }
}
