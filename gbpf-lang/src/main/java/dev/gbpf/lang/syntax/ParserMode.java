package dev.gbpf.lang.syntax;

/** How the parser predicts. */
public enum ParserMode {
    /** As fast as it can. */
    NORMAL,
    /** Every ambiguity of the grammar that the text brings to light is an {@link IllegalStateException}; for tests. */
    EXACT_AMBIGUITY
}
