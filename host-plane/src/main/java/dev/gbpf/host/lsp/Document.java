package dev.gbpf.host.lsp;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.diagnostic.SourceSpan;
import java.util.Arrays;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;

/** A text that an editor has open, in one version. Positions of the protocol count lines and UTF-16 units from 0. */
final class Document {
    private final String uri;
    private final int version;
    private final SourceFile source;
    private final int[] lineStarts;

    Document(String uri, int version, String text) {
        this.uri = uri;
        this.version = version;
        this.source = new SourceFile(uri.substring(uri.lastIndexOf('/') + 1), text);
        this.lineStarts = lineStarts(text);
    }

    String uri() {
        return uri;
    }

    int version() {
        return version;
    }

    SourceFile source() {
        return source;
    }

    /** The offset of a position; one beyond the end of its line, or of the text, is taken for that end. */
    int offset(Position position) {
        if (position.getLine() < 0) {
            return 0;
        }
        if (position.getLine() >= lineStarts.length) {
            return source.text().length();
        }
        int start = lineStarts[position.getLine()];
        int end = position.getLine() + 1 < lineStarts.length
                ? lineStarts[position.getLine() + 1] - 1
                : source.text().length();
        return start + Math.clamp(position.getCharacter(), 0, end - start);
    }

    Position position(int offset) {
        int found = Arrays.binarySearch(lineStarts, offset);
        int line = found >= 0 ? found : -found - 2;
        return new Position(line, offset - lineStarts[line]);
    }

    Range range(int start, int end) {
        return new Range(position(start), position(end));
    }

    /** The whole text. */
    Range whole() {
        return range(0, source.text().length());
    }

    static Range range(SourceSpan span) {
        int line = span.line() - 1;
        int column = span.column() - 1;
        return new Range(new Position(line, column), new Position(line, column + span.length()));
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
}
