package dev.gbpf.host.cli;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.SourceFile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ends a command with messages about places in an input. */
final class DiagnosticException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;
    private final transient List<Diagnostic> diagnostics;
    private final transient @Nullable SourceFile source;

    /**
     * Messages.
     *
     * @param summary the same in one line
     * @param source the text that they point into, or null
     */
    DiagnosticException(ExitCode exitCode, String summary, List<Diagnostic> diagnostics, @Nullable SourceFile source) {
        super(summary);
        this.exitCode = exitCode;
        this.diagnostics = List.copyOf(diagnostics);
        this.source = source;
    }

    ExitCode exitCode() {
        return exitCode;
    }

    String summary() {
        return getMessage() == null ? "" : getMessage();
    }

    List<Diagnostic> diagnostics() {
        return diagnostics;
    }

    @Nullable
    SourceFile source() {
        return source;
    }
}
