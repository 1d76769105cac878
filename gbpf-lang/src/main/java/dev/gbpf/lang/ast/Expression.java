package dev.gbpf.lang.ast;

import dev.gbpf.diagnostic.SourceSpan;
import java.util.List;

/** What has a value. */
public sealed interface Expression {

    SourceSpan span();

    /** An integer literal; {@code value} is unsigned, its unit multiplied in. */
    record IntegerLiteral(long value, SourceSpan span) implements Expression {}

    /** {@code true} or {@code false}. */
    record BooleanLiteral(boolean value, SourceSpan span) implements Expression {}

    /** A name on its own. One object, not two: there may be tens of thousands. */
    record Name(String name, SourceSpan span) implements Expression {
        /** The name that is written here. */
        public Name(Identifier identifier) {
            this(identifier.name(), identifier.span());
        }

        public Identifier identifier() {
            return new Identifier(name, span);
        }
    }

    /** {@code object.field}, {@code object.field.field}: at least one field, each inside the one before. */
    record Member(Identifier object, List<Identifier> path, SourceSpan span) implements Expression {
        public Member {
            path = List.copyOf(path);
        }

        /** The field of the object itself. */
        public Identifier field() {
            return path.getFirst();
        }
    }

    /** {@code map[key]}, {@code map[key].field}: an entry or, with a path, a part of it. */
    record Index(Identifier map, Expression key, List<Identifier> path, SourceSpan span) implements Expression {
        public Index {
            path = List.copyOf(path);
        }

        /** A whole entry. */
        public Index(Identifier map, Expression key, SourceSpan span) {
            this(map, key, List.of(), span);
        }
    }

    /** {@code Type { field: value, ... }} */
    record StructLiteral(Identifier type, List<Field> fields, SourceSpan span) implements Expression {
        public StructLiteral {
            fields = List.copyOf(fields);
        }

        /** {@code name: value} */
        public record Field(Identifier name, Expression value) {}
    }

    /** {@code map[key] else fallback} */
    record Otherwise(Index read, Expression fallback, SourceSpan span) implements Expression {}

    /** {@code call(arguments) else fallback}: the fallback is taken when the call has nothing to give. */
    record Attempt(Call call, Expression fallback, SourceSpan span) implements Expression {}

    /** {@code operation else fallback}: the fallback is taken when a checked operator in {@code operation} overflows. */
    record Guarded(Expression operation, Expression fallback, SourceSpan span) implements Expression {}

    /** A prefix operator and its operand. */
    record Unary(UnaryOperator operator, Expression operand, SourceSpan span) implements Expression {}

    /** An operator between two operands. */
    record Binary(BinaryOperator operator, Expression left, Expression right, SourceSpan span) implements Expression {}

    /** {@code operand as type} */
    record Cast(Expression operand, Identifier type, SourceSpan span) implements Expression {}

    /** {@code match subject { arms }} */
    record Match(Expression subject, List<MatchArm<Expression>> arms, SourceSpan span) implements Expression {
        public Match {
            arms = List.copyOf(arms);
        }
    }

    /** {@code function(arguments)} */
    record Call(Identifier function, List<Expression> arguments, SourceSpan span) implements Expression {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }
}
