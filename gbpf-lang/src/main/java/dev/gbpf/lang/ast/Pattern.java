package dev.gbpf.lang.ast;

import dev.gbpf.diagnostic.SourceSpan;

/** Values that an arm of a {@code match} stands for. */
public sealed interface Pattern {

    SourceSpan span();

    /** {@code _}: every value. */
    record Any(SourceSpan span) implements Pattern {}

    /** One value. */
    record Value(Expression value) implements Pattern {
        @Override
        public SourceSpan span() {
            return value.span();
        }
    }

    /** {@code first..last} or, when inclusive, {@code first..=last}. */
    record Range(Expression first, Expression last, boolean inclusive, SourceSpan span) implements Pattern {}
}
