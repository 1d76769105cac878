package dev.gbpf.diagnostic;

/**
 * A named source text.
 *
 * @param name what messages call it, usually the path as the user gave it
 * @param text the whole text; offsets count UTF-16 units
 */
public record SourceFile(String name, String text) {

    /** The line, from 1, that holds {@code offset}. Offsets past the end belong to the last line. */
    public int lineOf(int offset) {
        int line = 1;
        int end = Math.min(offset, text.length());
        for (int i = 0; i < end; i++) {
            if (text.charAt(i) == '\n') {
                line++;
            }
        }
        return line;
    }

    /** The column, from 1, of {@code offset} in its line. */
    public int columnOf(int offset) {
        int end = Math.min(offset, text.length());
        return end - text.lastIndexOf('\n', end - 1);
    }

    /** The text of a line, from 1, without its line end; empty when there is no such line. */
    public String line(int number) {
        int start = 0;
        for (int i = 1; i < number; i++) {
            int end = text.indexOf('\n', start);
            if (end < 0) {
                return "";
            }
            start = end + 1;
        }
        int end = text.indexOf('\n', start);
        String line = text.substring(start, end < 0 ? text.length() : end);
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }
}
