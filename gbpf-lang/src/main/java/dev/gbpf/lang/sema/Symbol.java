package dev.gbpf.lang.sema;

import dev.gbpf.diagnostic.SourceSpan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a name of the policy stands for. */
sealed interface Symbol {

    SourceSpan span();

    /** A {@code const}. */
    final class Constant implements Symbol {
        private final Operand value;
        private final SourceSpan span;
        private boolean used;

        Constant(Operand value, SourceSpan span) {
            this.value = value;
            this.span = span;
        }

        Operand value() {
            return value;
        }

        @Override
        public SourceSpan span() {
            return span;
        }

        void markUsed() {
            used = true;
        }

        boolean used() {
            return used;
        }
    }

    /** A {@code map}; null schema when its declaration was wrong. */
    final class Map implements Symbol {
        private final @Nullable MapSchema schema;
        private final SourceSpan span;
        private boolean used;

        Map(@Nullable MapSchema schema, SourceSpan span) {
            this.schema = schema;
            this.span = span;
        }

        @Nullable
        MapSchema schema() {
            return schema;
        }

        @Override
        public SourceSpan span() {
            return span;
        }

        void markUsed() {
            used = true;
        }

        boolean used() {
            return used;
        }
    }

    /** A {@code struct}; null type when its declaration was wrong. */
    final class Struct implements Symbol {
        private final @Nullable StructType type;
        private final SourceSpan span;
        private boolean used;

        Struct(@Nullable StructType type, SourceSpan span) {
            this.type = type;
            this.span = span;
        }

        @Nullable
        StructType type() {
            return type;
        }

        @Override
        public SourceSpan span() {
            return span;
        }

        void markUsed() {
            used = true;
        }

        boolean used() {
            return used;
        }
    }

    /** A variable; {@code value} is what it always holds, when that is known, else null. */
    record Local(Variable variable, BoundExpression.@Nullable Constant value) implements Symbol {
        @Override
        public SourceSpan span() {
            return variable.span();
        }
    }

    /** A {@code fn}. */
    final class Function implements Symbol {
        private final BoundFunction function;
        private boolean used;

        Function(BoundFunction function) {
            this.function = function;
        }

        BoundFunction function() {
            return function;
        }

        @Override
        public SourceSpan span() {
            return function.span();
        }

        void markUsed() {
            used = true;
        }

        boolean used() {
            return used;
        }
    }

    /**
     * A value that was taken out of a queue or stack, or copied: it does not change.
     *
     * @param numbers variables for its numbers, in order
     */
    record Taken(String name, DataType type, List<Variable> numbers, SourceSpan span) implements Symbol {
        public Taken {
            numbers = List.copyOf(numbers);
        }

        /** The variable that holds a number of it. */
        Variable variable(Slot slot) {
            return numbers.get(type.slots().indexOf(slot));
        }
    }

    /** A map entry that was found. */
    record Found(Entry entry) implements Symbol {
        @Override
        public SourceSpan span() {
            return entry.span();
        }
    }

    /** The parameter of a hook. */
    record Context(SourceSpan span) implements Symbol {}
}
