package dev.gbpf.lang.syntax;

import dev.gbpf.diagnostic.DiagnosticCollector;
import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.lang.ast.BinaryOperator;
import dev.gbpf.lang.ast.Block;
import dev.gbpf.lang.ast.Expression;
import dev.gbpf.lang.ast.Identifier;
import dev.gbpf.lang.ast.MatchArm;
import dev.gbpf.lang.ast.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns ANTLR's trees of statements, whose inner statements are built, into {@link Statement}s. */
final class StatementBuilder {
    private final Names names;
    private final ExpressionBuilder expressions;
    private final Positions positions;
    private final DiagnosticCollector diagnostics;

    StatementBuilder(Names names, ExpressionBuilder expressions, Positions positions, DiagnosticCollector diagnostics) {
        this.names = names;
        this.expressions = expressions;
        this.positions = positions;
        this.diagnostics = diagnostics;
    }

    Block block(GbpfParser.BlockContext tree) {
        return new Block(tree.statements, positions.of(tree.getStop()));
    }

    Statement build(GbpfParser.StatementContext tree) {
        SourceSpan span = positions.of(tree);
        if (tree.variable() != null) {
            return variable(tree.variable(), span);
        } else if (tree.delete() != null) {
            return new Statement.Delete(expressions.build(tree.delete().operation()), span);
        } else if (tree.conditional() != null) {
            return conditional(tree.conditional());
        } else if (tree.loop() != null) {
            return loop(tree.loop());
        } else if (tree.matchStatement() != null) {
            return match(tree.matchStatement());
        } else if (tree.breakStatement() != null) {
            return new Statement.Break(span);
        } else if (tree.continueStatement() != null) {
            return new Statement.Continue(span);
        } else if (tree.returnStatement() != null) {
            GbpfParser.ExpressionContext value = tree.returnStatement().expression();
            return new Statement.Return(value == null ? null : value.built, span);
        } else if (tree.block() != null) {
            return new Statement.Nested(block(tree.block()), span);
        }
        return assignment(tree.assignment(), span);
    }

    private Statement variable(GbpfParser.VariableContext tree, SourceSpan span) {
        boolean mutable = tree.VAR() != null;
        if (tree.block() != null) {
            return new Statement.Reference(
                    names.read(tree.ID()),
                    mutable,
                    names.type(tree.typeClause()),
                    expressions.build(tree.value()),
                    block(tree.block()),
                    span);
        }
        return new Statement.Variable(
                names.read(tree.ID()), mutable, names.type(tree.typeClause()), expressions.build(tree.value()), span);
    }

    private Statement conditional(GbpfParser.ConditionalContext tree) {
        List<Statement.Branch> branches = new ArrayList<>();
        // Taken out once: each access goes through all children.
        List<GbpfParser.ConditionContext> conditions = tree.condition();
        List<GbpfParser.BlockContext> blocks = tree.block();
        for (int i = 0; i < conditions.size(); i++) {
            branches.add(new Statement.Branch(condition(conditions.get(i)), block(blocks.get(i))));
        }
        boolean hasElse = blocks.size() > branches.size();
        Block otherwise = hasElse ? block(blocks.getLast()) : null;
        SourceSpan head = positions.of(tree.getStart(), conditions.getFirst().getStop());
        return new Statement.If(branches, otherwise, head);
    }

    private Statement.Condition condition(GbpfParser.ConditionContext tree) {
        return tree.LET() == null
                ? new Statement.Condition.Test(tree.expression().built)
                : new Statement.Condition.Present(
                        names.read(tree.ID()), expressions.build(tree.operation()), positions.of(tree));
    }

    private Statement loop(GbpfParser.LoopContext tree) {
        Expression limit = tree.MAX() == null ? null : expressions.build(tree.operation(2));
        SourceSpan head =
                positions.of(tree.getStart(), tree.operation().getLast().getStop());
        if (tree.operation().size() == 1) {
            Identifier value = tree.COMMA() == null ? null : names.read(tree.ID(1));
            return new Statement.ForEach(
                    names.read(tree.ID(0)), value, expressions.build(tree.operation(0)), block(tree.block()), head);
        }
        if (tree.COMMA() != null) {
            diagnostics
                    .message(
                            ErrorCode.LOOP_OVER_MAP,
                            positions.of(tree.ID(1).getSymbol()),
                            "a range gives one number at a time")
                    .label("second name")
                    .help("for a range take it out; for a map leave the range out: `for k, v in map_name { ... }`")
                    .report();
        }
        return new Statement.For(
                names.read(tree.ID(0)),
                expressions.build(tree.operation(0)),
                expressions.build(tree.operation(1)),
                tree.RANGE_INCLUSIVE() != null,
                limit,
                block(tree.block()),
                head);
    }

    private Statement match(GbpfParser.MatchStatementContext tree) {
        List<MatchArm<Block>> arms =
                tree.matchBlock().stream().map(a -> a.built).toList();
        SourceSpan head = positions.of(tree.getStart(), tree.operation().getStop());
        return new Statement.Match(expressions.build(tree.operation()), arms, head);
    }

    MatchArm<Block> arm(GbpfParser.MatchBlockContext tree) {
        return new MatchArm<>(
                expressions.patterns(tree.patterns()), block(tree.block()), positions.of(tree.patterns()));
    }

    private Statement assignment(GbpfParser.AssignmentContext tree, SourceSpan span) {
        Expression target = expressions.build(tree.operation());
        @Nullable Block otherwise = tree.block() == null ? null : block(tree.block());
        if (tree.assignmentOperator() == null) {
            return evaluation(target, otherwise, span);
        }
        return new Statement.Assignment(
                target, compound(tree.assignmentOperator()), expressions.build(tree.value()), otherwise, span);
    }

    /** An expression as a statement; complains when it has no effect. */
    Statement evaluation(Expression expression, @Nullable Block otherwise, SourceSpan span) {
        if (!(expression instanceof Expression.Call)) {
            diagnostics
                    .message(ErrorCode.STATEMENT_WITHOUT_EFFECT, expression.span(), "this statement does nothing")
                    .label("its value is not used")
                    .help("assign it, return it, or take it out")
                    .report();
        }
        return new Statement.Evaluate(expression, otherwise, span);
    }

    private static @Nullable BinaryOperator compound(GbpfParser.AssignmentOperatorContext tree) {
        String text = tree.getText();
        return BinaryOperator.bySymbol(text.substring(0, text.length() - 1)).orElse(null);
    }
}
