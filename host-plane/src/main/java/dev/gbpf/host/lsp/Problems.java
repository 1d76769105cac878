package dev.gbpf.host.lsp;

import dev.gbpf.diagnostic.Severity;
import java.util.List;
import java.util.Set;
import org.eclipse.lsp4j.Diagnostic;
import org.eclipse.lsp4j.DiagnosticSeverity;
import org.eclipse.lsp4j.DiagnosticTag;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;

/** Diagnostics in the protocol's words. */
final class Problems {
    private static final String SOURCE = "gbpf";
    /** Codes of what is never used or reached; editors show it faded. */
    private static final Set<String> IDLE = Set.of("E0901", "E0902", "E0904", "E0905", "E0906");

    private Problems() {}

    static List<Diagnostic> of(List<dev.gbpf.diagnostic.Diagnostic> diagnostics) {
        return diagnostics.stream().map(Problems::of).toList();
    }

    private static Diagnostic of(dev.gbpf.diagnostic.Diagnostic diagnostic) {
        Range range = diagnostic.span() == null
                ? new Range(new Position(0, 0), new Position(0, 1))
                : Document.range(diagnostic.span());
        Diagnostic problem =
                new Diagnostic(range, text(diagnostic), severity(diagnostic.severity()), SOURCE, diagnostic.code());
        if (IDLE.contains(diagnostic.code())) {
            problem.setTags(List.of(DiagnosticTag.Unnecessary));
        }
        return problem;
    }

    private static String text(dev.gbpf.diagnostic.Diagnostic diagnostic) {
        StringBuilder text = new StringBuilder(diagnostic.message());
        if (!diagnostic.label().isEmpty()) {
            text.append(": ").append(diagnostic.label());
        }
        diagnostic.notes().forEach(note -> text.append("\nnote: ").append(note));
        if (diagnostic.help() != null) {
            text.append("\nhelp: ").append(diagnostic.help());
        }
        return text.toString();
    }

    private static DiagnosticSeverity severity(Severity severity) {
        return switch (severity) {
            case ERROR -> DiagnosticSeverity.Error;
            case WARNING -> DiagnosticSeverity.Warning;
            case NOTE -> DiagnosticSeverity.Information;
        };
    }
}
