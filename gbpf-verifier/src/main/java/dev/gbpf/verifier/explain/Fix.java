package dev.gbpf.verifier.explain;

import dev.gbpf.diagnostic.SourceFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A change that would make a rule hold, in the language of the policy.
 *
 * @param text what to do, lines parted by line feeds
 * @param edits the change as such, none where it takes a person; applied together
 */
public record Fix(String text, List<Edit> edits) {
    public Fix {
        edits = List.copyOf(edits);
    }

    /** Advice without a change that a tool could make. */
    static Fix advice(String text) {
        return new Fix(text, List.of());
    }

    /**
     * A replacement in the source.
     *
     * @param line from 1
     * @param column from 1, in UTF-16 units
     * @param length of the text to replace; 0 inserts
     * @param text what to put there
     */
    public record Edit(int line, int column, int length, String text) {}

    /**
     * The source after the edits.
     *
     * @throws IllegalArgumentException when a place is not in the source
     */
    public String applyTo(SourceFile source) {
        List<Edit> backwards = new ArrayList<>(edits);
        backwards.sort(Comparator.comparingInt(Edit::line)
                .thenComparingInt(Edit::column)
                .reversed());
        StringBuilder text = new StringBuilder(source.text());
        for (Edit edit : backwards) {
            int start = 0;
            for (int line = 1; line < edit.line(); line++) {
                int end = source.text().indexOf('\n', start);
                if (end < 0) {
                    throw new IllegalArgumentException("line " + edit.line() + " is not in " + source.name());
                }
                start = end + 1;
            }
            int from = start + edit.column() - 1;
            if (from + edit.length() > source.text().length()) {
                throw new IllegalArgumentException(
                        "column " + edit.column() + " of line " + edit.line() + " is not in " + source.name());
            }
            text.replace(from, from + edit.length(), edit.text());
        }
        return text.toString();
    }
}
