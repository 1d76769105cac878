package dev.gbpf.lang.sema;

import dev.gbpf.diagnostic.SourceSpan;

/** An expression on its way to a type. */
sealed interface Operand {

    SourceSpan span();

    /** A value that takes the integer type of its surroundings. */
    record Literal(LiteralValue value, SourceSpan span) implements Operand {}

    /** An expression that has its type. */
    record Typed(BoundExpression expression) implements Operand {
        @Override
        public SourceSpan span() {
            return expression.span();
        }

        Type type() {
            return expression.type();
        }
    }

    /** In place of an expression that was complained about. */
    static Operand error(SourceSpan span) {
        return new Typed(new BoundExpression.Constant(Type.ERROR, 0, span));
    }
}
