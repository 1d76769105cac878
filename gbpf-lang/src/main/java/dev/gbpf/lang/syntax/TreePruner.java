package dev.gbpf.lang.syntax;

import dev.gbpf.diagnostic.DiagnosticCollector;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.ErrorNode;
import org.antlr.v4.runtime.tree.ParseTreeListener;
import org.antlr.v4.runtime.tree.TerminalNode;

/**
 * Turns each part of ANTLR's tree into the syntax tree of our own as soon as the parser has it whole, and drops the part. There
 * is then never more of ANTLR's tree than the statement at hand: it takes several times the memory of ours.
 */
final class TreePruner implements ParseTreeListener {
    private final AstBuilder builder;
    private final DiagnosticCollector errors;

    /** With {@code errors} the text has no meaning, and nothing is built. */
    TreePruner(AstBuilder builder, DiagnosticCollector errors) {
        this.builder = builder;
        this.errors = errors;
    }

    @Override
    public void exitEveryRule(ParserRuleContext rule) {
        if (!errors.hasErrors()) {
            build(rule);
        }
    }

    private void build(ParserRuleContext rule) {
        switch (rule) {
            case GbpfParser.DeclarationContext declaration -> {
                builder.add(declaration);
                leave(rule);
            }
            case GbpfParser.StatementContext statement -> {
                ((GbpfParser.BlockContext) rule.getParent()).statements.add(builder.statements().build(statement));
                leave(rule);
            }
            case GbpfParser.StepContext step -> {
                builder.tests().add(step, ((GbpfParser.TestContext) rule.getParent()).steps);
                leave(rule);
            }
            case GbpfParser.ExpressionContext expression -> {
                expression.built = builder.expressions().build(expression);
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
            default -> {}
        }
    }

    /** What it was made of is needed no more. */
    private static void drop(ParserRuleContext rule) {
        rule.children = null;
    }

    /** It is needed no more. */
    private static void leave(ParserRuleContext rule) {
        rule.getParent().removeLastChild();
    }

    @Override
    public void enterEveryRule(ParserRuleContext rule) {
        // Nothing is known of it yet.
    }

    @Override
    public void visitTerminal(TerminalNode node) {
        // Its rule is built when it ends.
    }

    @Override
    public void visitErrorNode(ErrorNode node) {
        // The error is reported by the strategy.
    }
}
