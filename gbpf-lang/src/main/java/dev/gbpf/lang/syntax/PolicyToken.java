package dev.gbpf.lang.syntax;

import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.RuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.TokenSource;
import org.antlr.v4.runtime.misc.Interval;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.ParseTreeVisitor;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;

/** A token of a {@link TokenTable}, and at once its leaf in ANTLR's tree: a tree has one for each token of the source. */
final class PolicyToken implements Token, TerminalNode {
    private final TokenTable table;
    private final int index;
    private @Nullable RuleContext parent;

    PolicyToken(TokenTable table, int index) {
        this.table = table;
        this.index = index;
    }

    @Override
    public int getTokenIndex() {
        return index;
    }

    @Override
    public int getType() {
        return table.type(index);
    }

    @Override
    public int getStartIndex() {
        return table.start(index);
    }

    @Override
    public int getStopIndex() {
        return table.stop(index);
    }

    @Override
    public int getLine() {
        return table.line(index);
    }

    @Override
    public int getCharPositionInLine() {
        return table.column(index);
    }

    @Override
    public int getChannel() {
        return Token.DEFAULT_CHANNEL;
    }

    @Override
    public TokenSource getTokenSource() {
        return table.lexer();
    }

    @Override
    public CharStream getInputStream() {
        return table.lexer().getInputStream();
    }

    @Override
    public String getText() {
        return getType() == Token.EOF
                ? "<EOF>"
                : getInputStream().getText(Interval.of(getStartIndex(), getStopIndex()));
    }

    @Override
    public Token getSymbol() {
        return this;
    }

    @Override
    public @Nullable RuleContext getParent() {
        return parent;
    }

    @Override
    public void setParent(@Nullable RuleContext value) {
        parent = value;
    }

    @Override
    public @Nullable ParseTree getChild(int child) {
        return null;
    }

    @Override
    public int getChildCount() {
        return 0;
    }

    @Override
    public Interval getSourceInterval() {
        return new Interval(index, index);
    }

    @Override
    public Object getPayload() {
        return this;
    }

    @Override
    public <T> T accept(ParseTreeVisitor<? extends T> visitor) {
        return visitor.visitTerminal(this);
    }

    @Override
    public String toStringTree() {
        return getText();
    }

    @Override
    public String toStringTree(Parser parser) {
        return getText();
    }

    @Override
    public String toString() {
        return getText();
    }
}
