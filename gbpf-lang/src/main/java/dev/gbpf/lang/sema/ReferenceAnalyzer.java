package dev.gbpf.lang.sema;

import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.lang.ast.Expression;
import dev.gbpf.lang.ast.Identifier;
import dev.gbpf.lang.ast.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gives entries of maps a name: {@code if let v = m[k]}, {@code let v = m[k] else { ... }}, {@code let v = array[0]}. */
final class ReferenceAnalyzer {
    private final Environment environment;
    private final Reporter reporter;
    private final ExpressionAnalyzer expressions;
    private final DeclarationRules declarations;

    ReferenceAnalyzer(
            Environment environment, Reporter reporter, ExpressionAnalyzer expressions, DeclarationRules declarations) {
        this.environment = environment;
        this.reporter = reporter;
        this.expressions = expressions;
        this.declarations = declarations;
    }

    /** An entry that is asked for. */
    private record Asked(MapSchema map, BoundExpression key, Part part) {}

    /** Whether {@code let name = value;} names a struct in a map rather than a number. */
    boolean isReference(Statement.Variable statement) {
        return statement.value() instanceof Expression.Index index
                && expressions.names().isStruct(index);
    }

    /** {@code let name = array[0];}: null after a complaint. */
    @Nullable
    BoundStatement element(Statement.Variable statement) {
        Expression.Index index = (Expression.Index) statement.value();
        Asked asked = asked(index);
        if (asked == null) {
            return declareBroken(statement.name());
        }
        if (!ExpressionAnalyzer.isElement(asked.map(), asked.key())) {
            reportMayBeAbsent(statement.name(), index, asked.map());
            return declareBroken(statement.name());
        }
        Entry entry = declare(statement.name(), statement.mutable(), statement.type(), asked);
        return new BoundStatement.Find(entry, asked.key(), null, statement.span());
    }

    private void reportMayBeAbsent(Identifier name, Expression.Index index, MapSchema map) {
        String read = reporter.quote(index.span(), map.name() + "[...]");
        String let = "let " + name.name() + " = " + read;
        reporter.message(ErrorCode.ENTRY_MAY_BE_ABSENT, index.span(), "`" + read + "` may not be there")
                .label(map.isArray() ? "the index may be out of range" : "the key may be absent")
                .help("leave when it is not: `" + let + " else { return; }`\nor ask first: `if " + let + " { ... }`")
                .report();
    }

    /**
     * {@code let name = entry else otherwise}: null after a complaint.
     *
     * @param otherwise the bound block
     * @param leaves whether it never goes on to the next statement
     */
    @Nullable
    BoundStatement find(Statement.Reference statement, BoundBlock otherwise, boolean leaves) {
        if (!leaves) {
            reporter.message(
                            ErrorCode.ELSE_MUST_LEAVE,
                            statement.otherwise().end(),
                            "without an entry there is no `" + statement.name().name() + "` for what follows")
                    .label("the block must not end here")
                    .help("end it with `return`, `break` or `continue`")
                    .report();
        }
        if (expressions.buffers().operation(statement.entry()).isPresent()) {
            BufferAnalyzer.Taking taking = taking(statement.entry(), statement.name());
            if (taking == null) {
                return null;
            }
            if (statement.mutable() || statement.type() != null) {
                reportForm(statement.name(), statement.type(), taking.map(), "it is a copy that does not change");
            }
            List<Variable> numbers = declare(statement.name(), taking.map());
            return new BoundStatement.Take(taking.helper(), taking.map(), numbers, otherwise, statement.span());
        }
        if (!(statement.entry() instanceof Expression.Index index)) {
            reportNotAnEntry(statement.entry(), "`let ... else { }`");
            return declareBroken(statement.name());
        }
        Asked asked = asked(index);
        if (asked == null) {
            return declareBroken(statement.name());
        }
        if (ExpressionAnalyzer.isElement(asked.map(), asked.key())) {
            expressions.warnAlwaysPresent(index.span(), asked.map(), "this `else` is never used");
        }
        Entry entry = declare(statement.name(), statement.mutable(), statement.type(), asked);
        return new BoundStatement.Find(entry, asked.key(), otherwise, statement.span());
    }

    /** {@code if let name = entry}: null after a complaint. */
    BoundStatement.@Nullable Condition present(Statement.Condition.Present present) {
        if (expressions.buffers().operation(present.entry()).isPresent()) {
            BufferAnalyzer.Taking taking = taking(present.entry(), present.name());
            return taking == null
                    ? null
                    : new BoundStatement.Condition.Taken(
                            taking.helper(), taking.map(), declare(present.name(), taking.map()), present.span());
        }
        if (!(present.entry() instanceof Expression.Index index)) {
            reportNotAnEntry(present.entry(), "`if let`");
            declareBroken(present.name());
            return null;
        }
        Asked asked = asked(index);
        if (asked == null) {
            declareBroken(present.name());
            return null;
        }
        Entry entry = declare(present.name(), false, null, asked);
        return new BoundStatement.Condition.Present(entry, asked.key(), present.span());
    }

    private void reportNotAnEntry(Expression expression, String form) {
        reporter.message(ErrorCode.NOT_A_MAP, expression.span(), form + " asks for an entry of a map")
                .label("not a map read")
                .help("write `"
                        + (form.startsWith("`if")
                                ? "if let v = map_name[key] { ... }`"
                                : "let v = map_name[key] else { return; }`"))
                .report();
        expressions.analyze(expression);
    }

    private @Nullable Asked asked(Expression.Index index) {
        MapSchema map = expressions.names().map(index.map());
        if (map == null) {
            expressions.analyze(index.key());
            return null;
        }
        BoundExpression key = expressions.key(map, index.key());
        Part part = expressions.names().fields().resolve(Part.whole(map.value()), index.path());
        return part == null ? null : new Asked(map, key, part);
    }

    private Entry declare(Identifier name, boolean mutable, @Nullable Identifier type, Asked asked) {
        if (mutable || type != null) {
            reportForm(name, type, asked.map(), "assigning to it changes the entry");
        }
        Entry entry = new Entry(name.name(), asked.map(), asked.part(), name.span());
        declarations.declare(environment.scope(), name, new Symbol.Found(entry));
        return entry;
    }

    private void reportForm(Identifier name, @Nullable Identifier type, MapSchema map, String then) {
        reporter.message(
                        ErrorCode.REFERENCE_FORM,
                        type == null ? name.span() : type.span(),
                        "`" + name.name() + "` stands for the entry itself, which has its type from `" + map.name()
                                + "`")
                .label(type == null ? "always `let`" : "no type here")
                .help("write `let " + name.name() + " = ...`; " + then)
                .report();
    }

    /** The queue or stack that a call asks for a value; null after a complaint, with the name declared all the same. */
    private BufferAnalyzer.@Nullable Taking taking(Expression expression, Identifier name) {
        Expression.Call call = (Expression.Call) expression;
        BufferAnalyzer.Taking taking = expressions.buffers().taking(call);
        if (taking == null) {
            expressions
                    .buffers()
                    .operation(call)
                    .filter(BufferOperation::takesValue)
                    .ifPresent(o -> expressions.buffers().reportNoValue(call, o));
            declareBroken(name);
        }
        return taking;
    }

    private List<Variable> declare(Identifier name, MapSchema map) {
        Symbol.Taken taken = expressions.buffers().name(name, map);
        Symbol symbol = map.value() instanceof StorageType
                ? new Symbol.Local(taken.numbers().getFirst(), null)
                : taken;
        declarations.declare(environment.scope(), name, symbol);
        return taken.numbers();
    }

    /** Declares the name all the same, so that its uses are not complained about. */
    @Nullable
    BoundStatement declareBroken(Identifier name) {
        Variable variable = new Variable(name.name(), Type.ERROR, Variable.Kind.VAR, name.span());
        declarations.declare(environment.scope(), name, new Symbol.Local(variable, null));
        return null;
    }
}
