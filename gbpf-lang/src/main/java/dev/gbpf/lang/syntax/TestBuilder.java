package dev.gbpf.lang.syntax;

import dev.gbpf.diagnostic.DiagnosticCollector;
import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.lang.ast.Expression;
import dev.gbpf.lang.ast.Statement;
import dev.gbpf.lang.ast.TestBlock;
import dev.gbpf.lang.ast.TestStep;
import java.util.List;

/** Turns ANTLR's trees of tests into {@link TestBlock}s. */
final class TestBuilder {
    /** Characters of a title, at most. */
    static final int MAX_TITLE = 120;

    private final Names names;
    private final ExpressionBuilder expressions;
    private final StatementBuilder statements;
    private final Positions positions;
    private final DiagnosticCollector diagnostics;

    TestBuilder(
            Names names,
            ExpressionBuilder expressions,
            StatementBuilder statements,
            Positions positions,
            DiagnosticCollector diagnostics) {
        this.names = names;
        this.expressions = expressions;
        this.statements = statements;
        this.positions = positions;
        this.diagnostics = diagnostics;
    }

    TestBlock build(GbpfParser.TestContext tree) {
        String quoted = tree.STRING().getText();
        String title = quoted.substring(1, quoted.length() - 1);
        SourceSpan span = positions.of(tree.STRING().getSymbol());
        if (title.isBlank() || title.length() > MAX_TITLE) {
            diagnostics
                    .message(
                            ErrorCode.TEST_TITLE,
                            span,
                            title.isBlank()
                                    ? "this test has no title"
                                    : "this title has " + title.length() + " characters")
                    .label("1 to " + MAX_TITLE + " characters are allowed")
                    .help("say in a few words what holds: `test \"a late job goes first\" { ... }`")
                    .report();
        }
        return new TestBlock(title, span, tree.steps, positions.of(tree.getStop()));
    }

    /** Adds what a step of a test stands for. */
    void add(GbpfParser.StepContext tree, List<TestStep> steps) {
        SourceSpan span = positions.of(tree);
        if (tree.GIVEN() != null) {
            steps.addAll(tree.givens);
        } else if (tree.EXPECT() != null) {
            steps.add(new TestStep.Expect(expressions.build(tree.value()), span));
        } else if (tree.AT() != null) {
            steps.add(new TestStep.At(expressions.build(tree.operation()), span));
        } else if (tree.invocation() != null) {
            steps.add(new TestStep.Invoke(
                    tree.ID() == null ? null : names.read(tree.ID()),
                    names.read(tree.invocation().ID()),
                    tree.invocation().fields().built,
                    span));
        } else {
            steps.add(new TestStep.Let(
                    names.read(tree.ID()), names.type(tree.typeClause()), tree.expression().built, span));
        }
    }

    TestStep given(GbpfParser.GivenContext tree) {
        SourceSpan span = positions.of(tree);
        return switch (tree) {
            case GbpfParser.GivenEntryContext entry -> {
                Expression target = expressions.build(entry.operation());
                yield new TestStep.Given(
                        entry.value() == null
                                ? statements.evaluation(target, null, span.equals(target.span()) ? target.span() : span)
                                : new Statement.Assignment(target, null, expressions.build(entry.value()), null, span));
            }
            case GbpfParser.GivenAbsentContext absent ->
                new TestStep.Given(new Statement.Delete(expressions.build(absent.operation()), span));
            case GbpfParser.GivenListContext list -> {
                List<Expression> values =
                        list.expression().stream().map(e -> e.built).toList();
                yield new TestStep.GivenList(names.read(list.ID()), values, span);
            }
            case GbpfParser.GivenQueueContext queue -> {
                List<TestStep.Fields> jobs =
                        queue.fields().stream().map(f -> f.built).toList();
                yield new TestStep.GivenQueue(names.read(queue.ID()), expressions.build(queue.operation()), jobs, span);
            }
            default -> throw new IllegalStateException("no such alternative in the grammar: " + tree.getClass());
        };
    }
}
