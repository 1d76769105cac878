package dev.gbpf.host.cli;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.SourceSpan;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Diagnostics as JSON. */
final class DiagnosticJson {
    private DiagnosticJson() {}

    /** The document of a command that ends with them. */
    static ObjectNode error(DiagnosticException exception) {
        ObjectNode document = Session.object();
        ObjectNode error = document.putObject("error");
        error.put("exitCode", exception.exitCode().number());
        error.put("message", exception.summary());
        write(exception.diagnostics(), document.putArray("diagnostics"));
        return document;
    }

    /** Adds them to an array; what a diagnostic does not have is left out. */
    static void write(List<Diagnostic> diagnostics, ArrayNode array) {
        for (Diagnostic diagnostic : diagnostics) {
            ObjectNode node = array.addObject();
            node.put("code", diagnostic.code());
            node.put("severity", diagnostic.severity().name().toLowerCase(Locale.ROOT));
            node.put("message", diagnostic.message());
            if (diagnostic.file() != null) {
                node.put("file", diagnostic.file());
            }
            SourceSpan span = diagnostic.span();
            if (span != null) {
                node.put("line", span.line());
                node.put("column", span.column());
                node.put("length", span.length());
            }
            if (!diagnostic.label().isEmpty()) {
                node.put("label", diagnostic.label());
            }
            ArrayNode notes = node.putArray("notes");
            diagnostic.notes().forEach(notes::add);
            if (diagnostic.help() != null) {
                node.put("help", diagnostic.help());
            }
        }
    }
}
