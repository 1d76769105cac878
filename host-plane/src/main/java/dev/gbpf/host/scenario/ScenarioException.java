package dev.gbpf.host.scenario;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.SourceFile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A scenario cannot be used; says why, with as many problems as one reading finds. */
public final class ScenarioException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Diagnostic> diagnostics;
    private final transient @Nullable SourceFile source;

    ScenarioException(List<Diagnostic> diagnostics, @Nullable SourceFile source) {
        super(messageOf(diagnostics));
        this.diagnostics = List.copyOf(diagnostics);
        this.source = source;
    }

    private static String messageOf(List<Diagnostic> diagnostics) {
        Diagnostic first = diagnostics.getFirst();
        String place = first.span() == null
                ? first.file() + ": "
                : first.file() + ":" + first.span().line() + ":" + first.span().column() + ": ";
        String more = diagnostics.size() == 1 ? "" : " (and " + (diagnostics.size() - 1) + " more)";
        return place + first.code() + ": " + first.message() + more;
    }

    /** The problems, in the order of the text; at least one. */
    public List<Diagnostic> diagnostics() {
        return diagnostics;
    }

    /** The text that they refer to, or null when it could not be read. */
    public @Nullable SourceFile source() {
        return source;
    }
}
