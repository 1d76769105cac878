package dev.gbpf.lang.format;

import dev.gbpf.diagnostic.Diagnostic;
import java.util.List;

/** What became of a source that was to be laid out. */
public sealed interface FormatResult {

    /** The source in the one layout; empty, or with a line feed at the end. */
    record Formatted(String text) implements FormatResult {}

    /** Why it was left alone; at least one error, in order of place. */
    record Refused(List<Diagnostic> diagnostics) implements FormatResult {
        public Refused {
            diagnostics = List.copyOf(diagnostics);
        }
    }
}
