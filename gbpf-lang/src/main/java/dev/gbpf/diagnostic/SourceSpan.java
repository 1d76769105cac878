package dev.gbpf.diagnostic;

/**
 * A stretch of a line.
 *
 * @param line from 1
 * @param column from 1, in UTF-16 units
 * @param length in UTF-16 units, at least 1
 */
public record SourceSpan(int line, int column, int length) {
    public SourceSpan {
        if (line < 1 || column < 1 || length < 1) {
            throw new IllegalArgumentException("span line=" + line + " column=" + column + " length=" + length);
        }
    }
}
