package dev.gbpf.lang.syntax;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.diagnostic.SourceSpan;
import java.util.Arrays;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;

/** Translates ANTLR's positions, which count code points, to spans, which count UTF-16 units in a line. */
final class Positions {
    private final String text;
    /** Offset of each line's first unit. */
    private final int[] lineStarts;
    /** Offset of each code point, or null when both ways of counting agree. */
    private final int @Nullable [] offsets;

    Positions(SourceFile source) {
        this.text = source.text();
        this.lineStarts = lineStarts(text);
        this.offsets = offsets(text);
    }

    /** Where a token stands. */
    SourceSpan of(Token token) {
        return between(offset(token.getStartIndex()), offset(token.getStopIndex() + 1));
    }

    /** From one token to another, cut at the end of the first line. */
    SourceSpan of(Token first, Token last) {
        return between(offset(first.getStartIndex()), offset(last.getStopIndex() + 1));
    }

    /** From the start of a span to a token, cut at the end of the first line. */
    SourceSpan of(SourceSpan first, Token last) {
        return between(lineStarts[first.line() - 1] + first.column() - 1, offset(last.getStopIndex() + 1));
    }

    /** Where a rule's text stands, cut at the end of its first line. */
    SourceSpan of(ParserRuleContext rule) {
        return of(rule.getStart(), rule.getStop());
    }

    /** The line of a code point, from 1. */
    int line(int codePoint) {
        return lineIndex(offset(codePoint)) + 1;
    }

    /** The column of a code point, from 0, in UTF-16 units. */
    int column(int codePoint) {
        int offset = offset(codePoint);
        return offset - lineStarts[lineIndex(offset)];
    }

    private int lineIndex(int offset) {
        int found = Arrays.binarySearch(lineStarts, offset);
        return found >= 0 ? found : -found - 2;
    }

    /** The one unit after a token. */
    SourceSpan after(Token token) {
        int end = offset(token.getStopIndex() + 1);
        return between(end, end + 1);
    }

    /** Where a token begins, in UTF-16 units from the start of the source. */
    int start(Token token) {
        return offset(token.getStartIndex());
    }

    /** Where the text after a token begins, in UTF-16 units from the start of the source. */
    int end(Token token) {
        return offset(token.getStopIndex() + 1);
    }

    /** The text of a span. */
    String text(SourceSpan span) {
        int start = lineStarts[span.line() - 1] + span.column() - 1;
        return text.substring(Math.min(start, text.length()), Math.min(start + span.length(), text.length()));
    }

    private SourceSpan between(int start, int end) {
        int line = lineIndex(start);
        int lineEnd = line + 1 < lineStarts.length ? lineStarts[line + 1] - 1 : text.length();
        if (lineEnd > lineStarts[line] && text.charAt(lineEnd - 1) == '\r') {
            lineEnd--;
        }
        int length = Math.max(1, Math.min(end, lineEnd) - start);
        return new SourceSpan(line + 1, start - lineStarts[line] + 1, length);
    }

    private int offset(int codePoint) {
        return offsets == null ? codePoint : offsets[codePoint];
    }

    private static int[] lineStarts(String text) {
        int[] starts = new int[(int) text.chars().filter(c -> c == '\n').count() + 1];
        int line = 1;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\n') {
                starts[line++] = i + 1;
            }
        }
        return starts;
    }

    private static int @Nullable [] offsets(String text) {
        int count = text.codePointCount(0, text.length());
        if (count == text.length()) {
            return null;
        }
        int[] offsets = new int[count + 1];
        int offset = 0;
        for (int i = 0; i < count; i++) {
            offsets[i] = offset;
            offset += Character.charCount(text.codePointAt(offset));
        }
        offsets[count] = offset;
        return offsets;
    }
}
