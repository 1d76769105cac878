package dev.gbpf.diagnostic;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A named source text, with those that it imports. Lines are counted through: after the last line of the text comes the first
 * line of the first import, and so on, so that one number says where something comes from.
 *
 * @param name what messages call it, usually the path as the user gave it
 * @param text the whole text; offsets count UTF-16 units
 * @param imports the texts of all modules that it imports, directly or not; these have none of their own
 */
public record SourceFile(String name, String text, List<SourceFile> imports) {
    public SourceFile {
        imports = List.copyOf(imports);
        if (imports.stream().anyMatch(i -> !i.imports().isEmpty())) {
            throw new IllegalArgumentException("an import of " + name + " has imports of its own");
        }
    }

    /** A text that imports nothing. */
    public SourceFile(String name, String text) {
        this(name, text, List.of());
    }

    /**
     * A line of one of the texts.
     *
     * @param file the text, without imports
     * @param line from 1
     */
    public record Line(SourceFile file, int line) {}

    /** The line that a number stands for which counts through all texts. Numbers past the end stay in this text. */
    public Line locate(int line) {
        int rest = line - lineCount();
        if (rest <= 0) {
            return new Line(this, line);
        }
        for (SourceFile file : imports) {
            int lines = file.lineCount();
            if (rest <= lines) {
                return new Line(file, rest);
            }
            rest -= lines;
        }
        return new Line(this, line);
    }

    /** The text of a name, itself or an import; without a name itself. */
    public Optional<SourceFile> named(@Nullable String file) {
        return file == null || file.equals(name)
                ? Optional.of(this)
                : imports.stream().filter(i -> i.name().equals(file)).findFirst();
    }

    /** Number of lines, a last one without a line end counted. */
    public int lineCount() {
        return (int) text.chars().filter(c -> c == '\n').count() + 1;
    }

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
