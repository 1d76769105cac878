package dev.gbpf.lang.syntax;

import org.antlr.v4.runtime.IntStream;
import org.antlr.v4.runtime.RuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.TokenSource;
import org.antlr.v4.runtime.TokenStream;
import org.antlr.v4.runtime.misc.Interval;

/** A place in a table of tokens, of which the last is the end of the file. */
final class TokenCursor implements TokenStream {
    private final TokenTable tokens;
    private int index;

    TokenCursor(TokenTable tokens) {
        this.tokens = tokens;
    }

    private int at(int distance) {
        return Math.min(index + distance - 1, tokens.size() - 1);
    }

    /** The token that comes as the {@code distance}-th, or with -1 the one before; ANTLR wants null before the first. */
    @Override
    @SuppressWarnings("NullAway")
    public Token LT(int distance) {
        int wanted = distance > 0 ? at(distance) : index + distance;
        return wanted < 0 ? null : tokens.get(wanted);
    }

    @Override
    public int LA(int distance) {
        int wanted = distance > 0 ? at(distance) : index + distance;
        return wanted < 0 ? Token.INVALID_TYPE : tokens.type(wanted);
    }

    @Override
    public void consume() {
        if (LA(1) == IntStream.EOF) {
            throw new IllegalStateException("cannot consume EOF");
        }
        index++;
    }

    @Override
    public Token get(int wanted) {
        return tokens.get(wanted);
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public void seek(int wanted) {
        index = Math.min(wanted, tokens.size() - 1);
    }

    @Override
    public int mark() {
        return 0;
    }

    @Override
    public void release(int marker) {
        // All tokens stay.
    }

    @Override
    public int size() {
        return tokens.size();
    }

    @Override
    public TokenSource getTokenSource() {
        return tokens.lexer();
    }

    @Override
    public String getSourceName() {
        return tokens.lexer().getSourceName();
    }

    @Override
    public String getText(Interval interval) {
        StringBuilder text = new StringBuilder();
        for (int i = interval.a; i <= interval.b && tokens.type(i) != Token.EOF; i++) {
            text.append(tokens.get(i).getText());
        }
        return text.toString();
    }

    @Override
    public String getText() {
        return getText(Interval.of(0, tokens.size() - 1));
    }

    @Override
    public String getText(RuleContext rule) {
        return getText(rule.getSourceInterval());
    }

    @Override
    public String getText(Token first, Token last) {
        return getText(Interval.of(first.getTokenIndex(), last.getTokenIndex()));
    }
}
