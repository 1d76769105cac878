package dev.gbpf.lang.sema;

import dev.gbpf.abi.Helper;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.lang.ast.BinaryOperator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement whose names and types are settled. */
public sealed interface BoundStatement {

    SourceSpan span();

    /** Gives a place a value; the first one, when the place is a variable that is declared here. */
    record Store(Place place, BoundExpression value, SourceSpan span) implements BoundStatement {}

    /** {@code place op= value}; the place is found once. */
    record Modify(Place place, BinaryOperator operator, BoundExpression value, SourceSpan span)
            implements BoundStatement {}

    /** Gives all numbers of a struct new values, which are computed before the first one changes. */
    record Replace(Location location, StoredValue value, SourceSpan span) implements BoundStatement {}

    /**
     * Sets an entry of a map whose key is known only at run time, or of a hash.
     *
     * @param otherwise what to do when the map refuses it, or null
     */
    record Update(
            MapSchema map,
            BoundExpression key,
            StoredValue value,
            @Nullable BoundBlock otherwise,
            SourceSpan span) implements BoundStatement {}

    /**
     * Finds the entry of a key for the statements that follow.
     *
     * @param otherwise what to do when there is none, which never goes on to them; null when the entry is sure to be there
     */
    record Find(Entry entry, BoundExpression key, @Nullable BoundBlock otherwise, SourceSpan span)
            implements BoundStatement {}

    /** Puts a value into a queue, stack or ring buffer; {@code otherwise} is done when it is full. */
    record Put(BufferOperation operation, MapSchema map, StoredValue value, BoundBlock otherwise, SourceSpan span)
            implements BoundStatement {}

    /**
     * Takes or copies a value of a queue or stack for the statements that follow.
     *
     * @param numbers variables for the numbers of the value, in order
     * @param otherwise what to do when it is empty, which never goes on to them
     */
    record Take(Helper helper, MapSchema map, List<Variable> numbers, BoundBlock otherwise, SourceSpan span)
            implements BoundStatement {
        public Take {
            numbers = List.copyOf(numbers);
        }
    }

    /** Removes an entry of a hash. */
    record Delete(MapSchema map, BoundExpression key, SourceSpan span) implements BoundStatement {}

    /** The first branch whose condition holds, else {@code otherwise}. */
    record If(List<Branch> branches, @Nullable BoundBlock otherwise, SourceSpan span) implements BoundStatement {
        public If {
            branches = List.copyOf(branches);
        }
    }

    /** One condition of an {@link If} and what it guards. */
    record Branch(Condition condition, BoundBlock body) {}

    /** What an {@link If} asks. */
    sealed interface Condition {
        SourceSpan span();

        /** Whether a boolean is true. */
        record Test(BoundExpression expression) implements Condition {
            @Override
            public SourceSpan span() {
                return expression.span();
            }
        }

        /** Whether a queue or stack has a value; its numbers are then in {@code numbers}. */
        record Taken(Helper helper, MapSchema map, List<Variable> numbers, SourceSpan span) implements Condition {
            public Taken {
                numbers = List.copyOf(numbers);
            }
        }

        /** Whether a map has a key; {@code entry} is then its entry. A constant index of an array is always there. */
        record Present(Entry entry, BoundExpression key, SourceSpan span) implements Condition {}
    }

    /**
     * {@code counter} from {@code from} while below {@code to}, at most {@code limit} times. The counter is stepped by the
     * loop alone.
     *
     * @param limit greatest number of iterations, or -1 when {@code to} is a constant and bound enough
     */
    record Loop(
            Variable counter, BoundExpression from, BoundExpression to, long limit, BoundBlock body, SourceSpan span)
            implements BoundStatement {}

    /**
     * Each entry that a hash holds when its turn comes.
     *
     * @param key gets its key, or null when nobody reads it
     * @param entry stands for it
     */
    record Each(@Nullable Variable key, Entry entry, BoundBlock body, SourceSpan span) implements BoundStatement {}

    /** The arm that the table gives for the subject. */
    record Match(BoundExpression subject, MatchTable table, List<BoundBlock> arms, SourceSpan span)
            implements BoundStatement {
        public Match {
            arms = List.copyOf(arms);
        }
    }

    /** Leaves the innermost loop. */
    record Break(SourceSpan span) implements BoundStatement {}

    /** Goes on with the next iteration of the innermost loop. */
    record Continue(SourceSpan span) implements BoundStatement {}

    /** Ends the program with a verdict, or the function with its result. */
    record Return(BoundExpression value, SourceSpan span) implements BoundStatement {}

    /** Evaluates for the effect. */
    record Evaluate(BoundExpression expression, SourceSpan span) implements BoundStatement {}

    /** Statements in a scope of their own. */
    record Nested(BoundBlock block, SourceSpan span) implements BoundStatement {}
}
