package dev.gbpf.lang.ast;

import dev.gbpf.diagnostic.SourceSpan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a block is made of. */
public sealed interface Statement {

    /** Where it starts: its first line, up to its end or the end of the line. */
    SourceSpan span();

    /** {@code let name: type = value;} or, when mutable, {@code var}. */
    record Variable(
            Identifier name, boolean mutable, @Nullable Identifier type, Expression value, SourceSpan span)
            implements Statement {}

    /**
     * {@code let name = entry else otherwise}: a name for an entry, and what to do when there is none.
     *
     * @param mutable whether it is written {@code var}
     */
    record Reference(
            Identifier name,
            boolean mutable,
            @Nullable Identifier type,
            Expression entry,
            Block otherwise,
            SourceSpan span)
            implements Statement {}

    /**
     * {@code target = value;} or {@code target op= value;}
     *
     * @param operator of a compound assignment, else null
     * @param otherwise what to do when a map refuses the entry, or null
     */
    record Assignment(
            Expression target,
            @Nullable BinaryOperator operator,
            Expression value,
            @Nullable Block otherwise,
            SourceSpan span)
            implements Statement {}

    /** {@code delete map[key];} */
    record Delete(Expression target, SourceSpan span) implements Statement {}

    /** {@code if c {} else if c {} else {}}; at least one branch. */
    record If(List<Branch> branches, @Nullable Block otherwise, SourceSpan span) implements Statement {
        public If {
            branches = List.copyOf(branches);
        }
    }

    /** One condition of an {@link If} and what it guards. */
    record Branch(Condition condition, Block body) {}

    /** What an {@link If} asks. */
    sealed interface Condition {
        SourceSpan span();

        /** A boolean expression. */
        record Test(Expression expression) implements Condition {
            @Override
            public SourceSpan span() {
                return expression.span();
            }
        }

        /** {@code let name = map[key]}: whether the entry is there. */
        record Present(Identifier name, Expression entry, SourceSpan span) implements Condition {}
    }

    /**
     * {@code for variable in from..to max limit body}
     *
     * @param inclusive whether {@code to} belongs to the range, written {@code ..=}
     * @param limit greatest number of iterations, or null
     */
    record For(
            Identifier variable,
            Expression from,
            Expression to,
            boolean inclusive,
            @Nullable Expression limit,
            Block body,
            SourceSpan span)
            implements Statement {}

    /**
     * {@code for key, value in map body}
     *
     * @param value the name for each entry, or null
     * @param map what stands after {@code in}
     */
    record ForEach(Identifier key, @Nullable Identifier value, Expression map, Block body, SourceSpan span)
            implements Statement {}

    /** {@code match subject { arms }} */
    record Match(Expression subject, List<MatchArm<Block>> arms, SourceSpan span) implements Statement {
        public Match {
            arms = List.copyOf(arms);
        }
    }

    /** {@code break;} */
    record Break(SourceSpan span) implements Statement {}

    /** {@code continue;} */
    record Continue(SourceSpan span) implements Statement {}

    /** {@code return value;} or, without a value, the hook's default verdict. */
    record Return(@Nullable Expression value, SourceSpan span) implements Statement {}

    /**
     * {@code call();} or {@code call() else otherwise}
     *
     * @param otherwise what to do when the call cannot do what it should, or null
     */
    record Evaluate(Expression expression, @Nullable Block otherwise, SourceSpan span) implements Statement {}

    /** A block as a statement. */
    record Nested(Block block, SourceSpan span) implements Statement {}
}
