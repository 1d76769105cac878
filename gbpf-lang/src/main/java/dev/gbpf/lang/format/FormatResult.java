package dev.gbpf.lang.format;

import dev.gbpf.diagnostic.Diagnostic;
import java.util.List;
import java.util.function.Consumer;

/** What became of a source that was to be laid out. */
public sealed interface FormatResult {

    /**
     * The source in the one layout; empty, or with a line feed at the end. It is printed when it is asked for: indented, it may
     * be a hundred times as long as the source.
     */
    final class Formatted implements FormatResult {
        private final String source;
        private final Layout layout;

        Formatted(String source, Layout layout) {
            this.source = source;
            this.layout = layout;
        }

        /** Gives the text to {@code out}, piece by piece. */
        public void print(Consumer<? super String> out) {
            LayoutPrinter.print(layout, out);
        }

        /** The whole text. */
        public String text() {
            StringBuilder text = new StringBuilder();
            print(text::append);
            return text.toString();
        }

        /** Whether it is the source as it was. */
        public boolean isUnchanged() {
            Comparison comparison = new Comparison(source);
            print(comparison);
            return comparison.isEqual();
        }
    }

    /** Why it was left alone; at least one error, in order of place. */
    record Refused(List<Diagnostic> diagnostics) implements FormatResult {
        public Refused {
            diagnostics = List.copyOf(diagnostics);
        }
    }
}
