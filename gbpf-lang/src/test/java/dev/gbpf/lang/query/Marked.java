package dev.gbpf.lang.query;

import dev.gbpf.diagnostic.SourceFile;

/**
 * A text with a place in it.
 *
 * @param text without the mark
 * @param offset where the mark {@code ^} was
 */
record Marked(String text, int offset) {
    static Marked of(String marked) {
        int offset = marked.indexOf('^');
        return new Marked(marked.substring(0, offset) + marked.substring(offset + 1), offset);
    }

    PolicyQuery query() {
        return new PolicyQuery(new SourceFile("test.gbpf", text));
    }
}
