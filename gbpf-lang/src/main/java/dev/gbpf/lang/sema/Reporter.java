package dev.gbpf.lang.sema;

import dev.gbpf.diagnostic.DiagnosticCollector;
import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.diagnostic.Suggestion;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Says what is wrong, quoting the source. */
final class Reporter {
    /** Longer pieces of source are not quoted in a sentence. */
    private static final int LONGEST_QUOTE = 48;

    private final SourceFile source;
    private final DiagnosticCollector diagnostics;
    private final List<String> lines;

    Reporter(SourceFile source, DiagnosticCollector diagnostics) {
        this.source = source;
        this.diagnostics = diagnostics;
        // Not lines(): only a line feed ends a line, as in SourceFile.
        this.lines = List.of(source.text().split("\n", -1));
    }

    /** The file that it is about. */
    SourceFile source() {
        return source;
    }

    DiagnosticCollector.Message message(ErrorCode code, SourceSpan span, String text) {
        return diagnostics.message(code, span, text);
    }

    /** The source at a span, or {@code otherwise} when it is too long to quote. */
    String quote(SourceSpan span, String otherwise) {
        if (span.length() > LONGEST_QUOTE || span.line() > lines.size()) {
            return otherwise;
        }
        String line = lines.get(span.line() - 1);
        int from = Math.min(span.column() - 1, line.length());
        return line.substring(from, Math.min(from + span.length(), line.length()));
    }

    /** "did you mean `x`?", or null when no candidate is close or nobody would read it. */
    @Nullable
    String didYouMean(String name, Supplier<? extends Collection<String>> candidates) {
        if (diagnostics.isFull()) {
            return null;
        }
        return Suggestion.closest(name, candidates.get())
                .map(c -> "did you mean `" + c + "`?")
                .orElse(null);
    }
}
