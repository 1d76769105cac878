package dev.gbpf.lang.syntax;

import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;

/** Copies ANTLR's tree. */
final class SyntaxTreeBuilder {
    private final Positions positions;

    SyntaxTreeBuilder(Positions positions) {
        this.positions = positions;
    }

    SyntaxTree.Branch build(ParserRuleContext rule) {
        List<SyntaxTree> children = new ArrayList<>();
        for (int i = 0; i < rule.getChildCount(); i++) {
            ParseTree child = rule.getChild(i);
            if (child instanceof TerminalNode terminal) {
                children.add(new SyntaxTree.Leaf(SourceToken.of(terminal.getSymbol(), positions)));
            } else if (child instanceof ParserRuleContext inner && inner.getChildCount() > 0) {
                children.add(build(inner));
            }
        }
        return new SyntaxTree.Branch(GbpfParser.ruleNames[rule.getRuleIndex()], children);
    }
}
