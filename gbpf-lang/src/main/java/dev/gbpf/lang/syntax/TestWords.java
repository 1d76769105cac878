package dev.gbpf.lang.syntax;

import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.WritableToken;
import org.jspecify.annotations.Nullable;

/**
 * Makes the words of tests keywords where a test can have them, and names everywhere else: {@code test} where a declaration
 * begins, {@code given}, {@code expect} and {@code at} where a step of a test begins. Policies may use them as names.
 */
final class TestWords {
    private int depth;
    private boolean inTest;
    private @Nullable Token previous;

    /** Takes the next token of the source, which may become a name. */
    void read(Token token) {
        int type = token.getType();
        if (type == GbpfLexer.TEST) {
            boolean declares = depth == 0 && begins();
            inTest |= declares;
            rename(token, declares);
        } else if (type == GbpfLexer.GIVEN || type == GbpfLexer.EXPECT || type == GbpfLexer.AT) {
            rename(token, inTest && depth == 1 && begins());
        } else if (type == GbpfLexer.OPEN_BRACE) {
            depth++;
        } else if (type == GbpfLexer.CLOSE_BRACE) {
            depth = Math.max(0, depth - 1);
            inTest &= depth > 0;
        }
        previous = token;
    }

    /** Whether a text in quotes stands where a title or a path belongs. */
    boolean textMayFollow() {
        return previous != null && (previous.getType() == GbpfLexer.TEST || previous.getType() == GbpfLexer.IMPORT);
    }

    private static void rename(Token token, boolean keyword) {
        if (!keyword && token instanceof WritableToken writable) {
            writable.setType(GbpfLexer.ID);
        }
    }

    /** Whether the next token begins a declaration or a step. */
    private boolean begins() {
        return previous == null
                || previous.getType() == GbpfLexer.SEMICOLON
                || previous.getType() == GbpfLexer.OPEN_BRACE
                || previous.getType() == GbpfLexer.CLOSE_BRACE;
    }
}
