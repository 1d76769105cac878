package dev.gbpf.lang.sema;

import dev.gbpf.abi.Constants;
import dev.gbpf.abi.ContextField;
import dev.gbpf.abi.Helper;
import dev.gbpf.abi.Hook;
import dev.gbpf.abi.MapKind;
import dev.gbpf.abi.VerdictSpec.NamedValue;
import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.lang.ast.Expression;
import dev.gbpf.lang.ast.Identifier;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds what names stand for. */
final class NameResolver {
    private final Environment environment;
    private final Reporter reporter;
    private final FieldResolver fields;

    NameResolver(Environment environment, Reporter reporter) {
        this.environment = environment;
        this.reporter = reporter;
        this.fields = new FieldResolver(reporter);
    }

    /** The value of a name that stands on its own. */
    Operand value(Identifier identifier) {
        Symbol symbol = environment.scope().lookup(identifier.name());
        if (symbol == null) {
            return wellKnown(identifier);
        }
        return switch (symbol) {
            case Symbol.Constant constant -> {
                constant.markUsed();
                yield at(constant.value(), identifier);
            }
            case Symbol.Local(Variable variable, BoundExpression.Constant value) -> {
                variable.countRead();
                yield value == null
                        ? read(new Place.Local(variable), identifier)
                        : at(new Operand.Typed(value), identifier);
            }
            case Symbol.Found(Entry entry) -> {
                entry.markUsed();
                Slot slot = fields.number(entry.part(), List.of(), identifier.span());
                yield slot == null
                        ? Operand.error(identifier.span())
                        : read(new Place.Stored(new Location.Found(entry), slot), identifier);
            }
            case Symbol.Taken taken -> number(taken, List.of(), identifier.span());
            case Symbol.Map map -> {
                map.markUsed();
                MapSchema schema = map.schema();
                MapKind kind =
                        schema == null ? MapKind.HASH : schema.definition().kind();
                yield notAValue(identifier, "a map", BufferAnalyzer.help(kind, identifier.name()));
            }
            case Symbol.Function function ->
                notAValue(
                        identifier,
                        "a function",
                        "call it: `" + function.function().signature() + "`");
            case Symbol.Struct struct -> {
                struct.markUsed();
                yield notAValue(
                        identifier,
                        "a struct",
                        "it is a type of map values: `map m: array<" + identifier.name() + ">[1];`");
            }
            case Symbol.Context _ ->
                notAValue(identifier, "the context", "read a field of it, such as `" + identifier.name() + ".now_ns`");
        };
    }

    /** A number of a value that was taken. */
    Operand number(Symbol.Taken taken, List<Identifier> path, SourceSpan span) {
        Slot slot = fields.number(Part.whole(taken.type()), path, span);
        if (slot == null) {
            taken.numbers().forEach(Variable::countRead);
            return Operand.error(span);
        }
        Variable variable = taken.variable(slot);
        variable.countRead();
        return new Operand.Typed(new BoundExpression.Read(new Place.Local(variable), span));
    }

    private Operand wellKnown(Identifier identifier) {
        Optional<NamedValue> verdict = verdictsInSight()
                .filter(v -> v.name().equals(identifier.name()))
                .findFirst();
        if (verdict.isPresent()) {
            return new Operand.Literal(LiteralValue.ofBits(verdict.get().value()), identifier.span());
        }
        Optional<NamedValue> constant = Constants.byName(identifier.name());
        if (constant.isPresent()) {
            return new Operand.Literal(LiteralValue.ofBits(constant.get().value()), identifier.span());
        }
        reportUnknown(identifier);
        return Operand.error(identifier.span());
    }

    /** Complains about a name that stands for nothing here, as precisely as possible. */
    void reportUnknown(Identifier identifier) {
        String name = identifier.name();
        List<String> owners = hooksWithVerdict(name);
        if (environment.isDeclaredLater(name)) {
            reporter.message(
                            ErrorCode.USED_BEFORE_DECLARED,
                            identifier.span(),
                            "`" + name + "` is used before it is declared")
                    .label("not declared yet")
                    .help("move its declaration above this one")
                    .report();
        } else if (!owners.isEmpty()) {
            reportForeignVerdict(identifier, owners);
        } else if (Helper.byName(name).isPresent()) {
            notAValue(
                    identifier,
                    "a helper",
                    "call it: `" + CallAnalyzer.signature(Helper.byName(name).get()) + "`");
        } else {
            String foreign = ForeignNames.value(name);
            String hint = foreign == null
                    ? ModuleScopes.importHint(name, environment.scope().names())
                    : foreign;
            reporter.message(ErrorCode.UNKNOWN_NAME, identifier.span(), "cannot find `" + name + "`")
                    .label("nothing of this name is in sight")
                    .help(hint == null ? reporter.didYouMean(name, this::valuesInSight) : hint)
                    .report();
        }
    }

    private void reportForeignVerdict(Identifier identifier, List<String> owners) {
        Hook hook = environment.hook();
        String here = hook == null
                ? "constants are shared by all hooks, so they cannot be made of verdicts"
                : "verdicts of " + hook.symbol() + ": " + verdicts(hook);
        reporter.message(
                        ErrorCode.FOREIGN_VERDICT,
                        identifier.span(),
                        "`" + identifier.name() + "` is a verdict of " + String.join(" and ", owners)
                                + (hook == null ? "" : ", not of " + hook.symbol()))
                .label(hook == null ? "not a constant" : "not a verdict of this hook")
                .note(here)
                .help(
                        hook == null
                                ? null
                                : "`return;` gives the default verdict: "
                                        + hook.verdict().defaultDoc())
                .report();
    }

    /** The map of a name; nothing, and a complaint, when there is none. */
    @Nullable
    MapSchema map(Identifier identifier) {
        Symbol symbol = environment.scope().lookup(identifier.name());
        if (symbol instanceof Symbol.Map map) {
            map.markUsed();
            MapSchema schema = map.schema();
            if (schema == null || schema.definition().kind().isKeyed()) {
                return schema;
            }
            MapKind kind = schema.definition().kind();
            reporter.message(
                            ErrorCode.MAP_WITHOUT_KEYS,
                            identifier.span(),
                            "the values of `" + identifier.name() + "` have no keys: it is a " + kind.keyword())
                    .label("cannot be indexed")
                    .help(BufferAnalyzer.help(kind, identifier.name()))
                    .report();
            return null;
        }
        String hint =
                ModuleScopes.importHint(identifier.name(), environment.scope().names());
        if (hint == null) {
            hint = reporter.didYouMean(identifier.name(), this::mapsInSight);
        }
        reporter.message(
                        ErrorCode.NOT_A_MAP,
                        identifier.span(),
                        symbol == null
                                ? "cannot find a map `" + identifier.name() + "`"
                                : "`" + identifier.name() + "` is not a map")
                .label("only maps are indexed")
                .help(hint != null ? hint : "declare it: `map " + identifier.name() + ": hash<u32, u64>[64];`")
                .report();
        return null;
    }

    /** Whether an expression is a struct in a map, as far as its names tell. */
    boolean isStruct(Expression.Index index) {
        if (!(environment.scope().lookup(index.map().name()) instanceof Symbol.Map map) || map.schema() == null) {
            return false;
        }
        Part part = Part.whole(map.schema().value()).find(index.path());
        return part != null && part.isStruct();
    }

    /** The fields of structs. */
    FieldResolver fields() {
        return fields;
    }

    /** The context field that an expression names; nothing, and a complaint, when it names none. */
    @Nullable
    ContextField field(Expression.Member member) {
        Hook hook = environment.hook();
        Symbol symbol = environment.scope().lookup(member.object().name());
        if (symbol == null) {
            reportUnknown(member.object());
            return null;
        }
        if (!(symbol instanceof Symbol.Context) || hook == null) {
            reporter.message(
                            ErrorCode.UNKNOWN_FIELD,
                            member.span(),
                            "`" + member.object().name() + "` has no fields")
                    .label("only the context and structs have fields")
                    .report();
            return null;
        }
        if (member.path().size() > 1) {
            reporter.message(
                            ErrorCode.UNKNOWN_FIELD,
                            member.span(),
                            "`" + member.field().name() + "` is a number and has no fields")
                    .label("only the context and structs have fields")
                    .report();
            return null;
        }
        Optional<ContextField> field = hook.context().field(member.field().name());
        if (field.isEmpty()) {
            List<String> names =
                    hook.context().fields().stream().map(ContextField::name).toList();
            reporter.message(
                            ErrorCode.UNKNOWN_FIELD,
                            member.field().span(),
                            "the context of " + hook.symbol() + " has no field `"
                                    + member.field().name() + "`")
                    .label("no such field")
                    .note("fields of " + hook.symbol() + ": " + String.join(", ", names))
                    .help(reporter.didYouMean(member.field().name(), () -> names))
                    .report();
        }
        return field.orElse(null);
    }

    /** The type that a declaration or cast names; an error type, and a complaint, when it names none. */
    Type type(Identifier identifier) {
        Optional<Type> type = Type.byKeyword(identifier.name());
        if (type.isPresent()) {
            return type.get();
        }
        Optional<StorageType> storage = StorageType.byKeyword(identifier.name());
        if (storage.isPresent()) {
            reporter.message(
                            ErrorCode.STORAGE_TYPE,
                            identifier.span(),
                            "`" + identifier.name() + "` is a type of map keys and values only")
                    .label("expected u64, i64 or bool")
                    .note("arithmetic is always done in 64 bits")
                    .help("use `" + storage.get().type().keyword() + "`; to keep the low bits only, mask them: `x & "
                            + mask(storage.get()) + "`")
                    .report();
            return Type.ERROR;
        }
        if (environment.scope().lookup(identifier.name()) instanceof Symbol.Struct struct) {
            struct.markUsed();
            reporter.message(
                            ErrorCode.STRUCT_NOT_A_NUMBER,
                            identifier.span(),
                            "the struct `" + identifier.name() + "` is a type of map values only")
                    .label("expected u64, i64 or bool")
                    .help("use a field of it, or the key of its entry")
                    .report();
            return Type.ERROR;
        }
        reporter.message(ErrorCode.UNKNOWN_TYPE, identifier.span(), "unknown type `" + identifier.name() + "`")
                .label("expected u64, i64 or bool")
                .help(reporter.didYouMean(identifier.name(), () -> List.of("u64", "i64", "bool")))
                .report();
        return Type.ERROR;
    }

    private static String mask(StorageType type) {
        return "0x" + "ff".repeat(type.width().bytes());
    }

    private Operand notAValue(Identifier identifier, String kind, String help) {
        reporter.message(
                        ErrorCode.NOT_A_VALUE,
                        identifier.span(),
                        "`" + identifier.name() + "` is " + kind + ", not a value")
                .label("expected a value")
                .help(help)
                .report();
        return Operand.error(identifier.span());
    }

    private static Operand read(Place place, Identifier identifier) {
        return new Operand.Typed(new BoundExpression.Read(place, identifier.span()));
    }

    /** The value of a constant, as if it had been written at the name. */
    private static Operand at(Operand value, Identifier identifier) {
        return switch (value) {
            case Operand.Literal literal -> new Operand.Literal(literal.value(), identifier.span());
            case Operand.Typed(BoundExpression.Constant constant) ->
                new Operand.Typed(new BoundExpression.Constant(constant.type(), constant.value(), identifier.span()));
            case Operand.Typed typed -> typed;
        };
    }

    /** What stands for a verdict, in words. */
    static String verdicts(Hook hook) {
        return hook.verdict().names().stream()
                .map(v -> v.name() + " (" + v.value() + ")")
                .collect(Collectors.joining(", "));
    }

    private static List<String> hooksWithVerdict(String name) {
        return Arrays.stream(Hook.values())
                .filter(h -> h.verdict().named(name).isPresent())
                .map(Hook::symbol)
                .toList();
    }

    private Set<String> valuesInSight() {
        Set<String> names = new LinkedHashSet<>(environment.scope().names());
        verdictsInSight().forEach(v -> names.add(v.name()));
        Constants.all().forEach(c -> names.add(c.name()));
        return names;
    }

    /** The verdicts of the hook; in a function those of all hooks, among which a name has one value only. */
    private Stream<NamedValue> verdictsInSight() {
        Hook hook = environment.hook();
        if (hook != null) {
            return hook.verdict().names().stream();
        }
        return environment.function() == null
                ? Stream.empty()
                : Arrays.stream(Hook.values()).flatMap(h -> h.verdict().names().stream());
    }

    private List<String> mapsInSight() {
        return environment.scope().names().stream()
                .filter(n -> environment.scope().lookup(n) instanceof Symbol.Map)
                .toList();
    }

    /** Whether a name means the same in every policy, so that no policy may declare it. */
    static boolean isReserved(String name) {
        return Constants.byName(name).isPresent() || !hooksWithVerdict(name).isEmpty();
    }

    /** What a reserved name is, in words. */
    static String reservedAs(String name) {
        List<String> owners = hooksWithVerdict(name);
        return Stream.of(owners)
                .filter(o -> !o.isEmpty())
                .map(o -> "a verdict of " + String.join(", ", o))
                .findFirst()
                .orElse("a constant of the interface");
    }
}
