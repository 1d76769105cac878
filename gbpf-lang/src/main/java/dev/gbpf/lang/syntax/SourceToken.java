package dev.gbpf.lang.syntax;

import org.antlr.v4.runtime.Token;

/**
 * A piece of a source that is more than blanks.
 *
 * @param kind what it is
 * @param text as it stands in the source; empty at the end of the file
 * @param start where it begins, in UTF-16 units from the start of the source
 */
public record SourceToken(Kind kind, String text, int start) {

    /** What a token is. */
    public enum Kind {
        NAME,
        KEYWORD,
        NUMBER,
        /** A title in quotes. */
        TITLE,
        /** An operator, a bracket or a separator. */
        SYMBOL,
        LINE_COMMENT,
        BLOCK_COMMENT,
        /** What belongs to no token of the language, such as a comment that is never closed. */
        UNKNOWN,
        /** The end of the file. */
        END
    }

    static SourceToken of(Token token, Positions positions) {
        Kind kind = kind(token.getType());
        return new SourceToken(kind, kind == Kind.END ? "" : token.getText(), positions.start(token));
    }

    /** Where the text after it begins. */
    public int end() {
        return start + text.length();
    }

    public boolean isComment() {
        return kind == Kind.LINE_COMMENT || kind == Kind.BLOCK_COMMENT;
    }

    /** Whether it is this symbol or keyword. */
    public boolean is(String expected) {
        return (kind == Kind.SYMBOL || kind == Kind.KEYWORD) && text.equals(expected);
    }

    private static Kind kind(int type) {
        return switch (type) {
            case Token.EOF -> Kind.END;
            case GbpfLexer.ID -> Kind.NAME;
            case GbpfLexer.NUMBER -> Kind.NUMBER;
            case GbpfLexer.STRING -> Kind.TITLE;
            case GbpfLexer.LINE_COMMENT -> Kind.LINE_COMMENT;
            case GbpfLexer.BLOCK_COMMENT -> Kind.BLOCK_COMMENT;
            case GbpfLexer.UNTERMINATED_COMMENT, GbpfLexer.UNEXPECTED -> Kind.UNKNOWN;
            default -> ExpectedTokens.isKeyword(type) ? Kind.KEYWORD : Kind.SYMBOL;
        };
    }
}
