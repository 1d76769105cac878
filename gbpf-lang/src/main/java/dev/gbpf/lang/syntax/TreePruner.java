package dev.gbpf.lang.syntax;

import dev.gbpf.diagnostic.DiagnosticCollector;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.ErrorNode;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.ParseTreeListener;
import org.antlr.v4.runtime.tree.TerminalNode;

/**
 * Turns each part of ANTLR's tree into the syntax tree of our own as soon as the parser has it whole, and drops the part. There
 * is then never more of ANTLR's tree than the statement at hand: it takes several times the memory of ours.
 *
 * <p>Implementation notes. ANTLR reports the end of a rule also while an exception passes through it, such as that the memory
 * is used up; the rule may lack parts then. So a rule is built only when the parser is seen to go on.
 */
final class TreePruner implements ParseTreeListener {
    private final AstBuilder builder;
    private final DiagnosticCollector errors;
    /** Rules that ended, inner ones first, and are not built. */
    private final List<ParserRuleContext> ended = new ArrayList<>();

    /** With {@code errors} the text has no meaning, and nothing is built. */
    TreePruner(AstBuilder builder, DiagnosticCollector errors) {
        this.builder = builder;
        this.errors = errors;
    }

    @Override
    public void exitEveryRule(ParserRuleContext rule) {
        ended.add(rule);
    }

    @Override
    public void enterEveryRule(ParserRuleContext rule) {
        buildEnded();
    }

    @Override
    public void visitTerminal(TerminalNode node) {
        buildEnded();
        int type = node.getSymbol().getType();
        boolean separates = type == GbpfParser.COMMA || type == GbpfParser.DOT;
        // A loop has one comma, which says that it has two names.
        if (separates
                && node.getParent() instanceof ParserRuleContext rule
                && !(rule instanceof GbpfParser.LoopContext)) {
            rule.children.removeLast();
        }
    }

    /** Builds what ended. The parser went on, or is through. */
    void buildEnded() {
        if (!errors.hasErrors()) {
            ended.forEach(this::build);
        }
        ended.clear();
    }

    private void build(ParserRuleContext rule) {
        switch (rule) {
            case GbpfParser.DeclarationContext declaration -> {
                builder.add(declaration);
                leave(rule);
            }
            case GbpfParser.StatementContext statement -> {
                ((GbpfParser.BlockContext) rule.getParent())
                        .statements.add(builder.statements().build(statement));
                leave(rule);
            }
            case GbpfParser.StepContext step -> {
                builder.tests().add(step, ((GbpfParser.TestContext) rule.getParent()).steps);
                leave(rule);
            }
            case GbpfParser.GivenContext given -> {
                ((GbpfParser.StepContext) rule.getParent())
                        .givens.add(builder.tests().given(given));
                leave(rule);
            }
            case GbpfParser.ExpressionContext expression -> {
                expression.built = builder.expressions().build(expression);
                drop(rule);
            }
            case GbpfParser.ValueContext value -> {
                value.built = builder.expressions().value(value);
                drop(rule);
            }
            case GbpfParser.MatchBlockContext arm -> {
                arm.built = builder.statements().arm(arm);
                drop(rule);
            }
            case GbpfParser.MatchValueContext arm -> {
                arm.built = builder.expressions().arm(arm);
                drop(rule);
            }
            case GbpfParser.StructFieldContext field -> {
                field.built = builder.field(field);
                drop(rule);
            }
            case GbpfParser.ParameterContext parameter -> {
                parameter.built = builder.parameter(parameter);
                drop(rule);
            }
            case GbpfParser.FieldContext field -> {
                field.built = builder.expressions().field(field);
                drop(rule);
            }
            case GbpfParser.FieldsContext fields -> {
                fields.built = builder.expressions().fields(fields);
                drop(rule);
            }
            default -> {}
        }
    }

    /**
     * What it was made of is needed no more, nor where it began and ended: there may be tens of thousands of such rules in a
     * list.
     */
    private static void drop(ParserRuleContext rule) {
        rule.children = null;
        rule.start = null;
        rule.stop = null;
    }

    /** It is needed no more. */
    private static void leave(ParserRuleContext rule) {
        // It is the last, or the last but what the parser went on with.
        List<ParseTree> siblings = rule.getParent().children;
        siblings.remove(siblings.lastIndexOf(rule));
    }

    @Override
    public void visitErrorNode(ErrorNode node) {
        // The error is reported by the strategy.
    }
}
