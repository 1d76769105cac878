package dev.gbpf.asm;

/**
 * One token of assembly source.
 *
 * @param kind what it is
 * @param text as written; empty at the end of a statement
 * @param line from 1
 * @param column from 1, in UTF-16 units
 */
record Token(Kind kind, String text, int line, int column) {
    enum Kind {
        /** A name: register, keyword, label, helper, directive. */
        WORD,
        /** A number without sign, decimal or hexadecimal. */
        NUMBER,
        /** An operator or bracket. */
        SYMBOL,
        /** A text in double quotes; its token has the quotes. */
        STRING,
        /** The end of a statement: line end, semicolon or end of the source. */
        END
    }

    /** Units to underline, at least 1. */
    int length() {
        return Math.max(1, text.length());
    }

    boolean is(String expected) {
        return kind != Kind.END && text.equals(expected);
    }

    /** How messages name it. */
    String inWords() {
        return kind == Kind.END ? "the end of the statement" : "'" + text + "'";
    }
}
