package dev.gbpf.lang.policytest;

import dev.gbpf.diagnostic.DiagnosticCollector;
import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.lang.ast.TestBlock;
import java.util.List;

/** Says what is wrong with a test, quoting the source. */
final class TestReporter {
    /** Longer pieces of source are not quoted in a sentence. */
    private static final int LONGEST_QUOTE = 60;

    private final DiagnosticCollector diagnostics;
    private final List<String> lines;

    TestReporter(SourceFile source, DiagnosticCollector diagnostics) {
        this.diagnostics = diagnostics;
        // Not lines(): only a line feed ends a line, as in SourceFile.
        this.lines = List.of(source.text().split("\n", -1));
    }

    DiagnosticCollector.Message message(ErrorCode code, SourceSpan span, String text) {
        return diagnostics.message(code, span, text);
    }

    /** The source at a span; its beginning when it is long. */
    String quote(SourceSpan span) {
        if (span.line() > lines.size()) {
            return "...";
        }
        String line = lines.get(span.line() - 1);
        int from = Math.min(span.column() - 1, line.length());
        int to = Math.min(from + span.length(), line.length());
        return to - from > LONGEST_QUOTE
                ? line.substring(from, from + LONGEST_QUOTE) + "..."
                : line.substring(from, to);
    }

    void duplicateTitle(TestBlock block, TestBlock earlier) {
        message(ErrorCode.TEST_TITLE, block.span(), "another test has this title already")
                .label("the same title again")
                .note("the first one is in line " + earlier.span().line())
                .help("say what is different here")
                .report();
    }

    void limit(SourceSpan span, String message) {
        message(ErrorCode.TEST_LIMIT, span, message)
                .label("too much for one test")
                .help("make several tests of it")
                .report();
    }
}
