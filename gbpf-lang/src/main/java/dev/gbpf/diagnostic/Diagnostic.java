package dev.gbpf.diagnostic;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message about one input.
 *
 * @param code stable and documented: {@code E0xxx} from the compiler and the readers of files, {@code V0xxx} from the verifier
 * @param severity how bad
 * @param message one sentence: what is wrong, without a final full stop
 * @param file what the input is called, or null when it has no name
 * @param span the place in the source, or null when the place is not in a text
 * @param label what to write under the span ("expected u64, found pointer"), or empty
 * @param notes further facts, each a sentence; may carry other places in words
 * @param help what to do about it, or null
 */
public record Diagnostic(
        String code,
        Severity severity,
        String message,
        @Nullable String file,
        @Nullable SourceSpan span,
        String label,
        List<String> notes,
        @Nullable String help) {
    public Diagnostic {
        notes = List.copyOf(notes);
    }
}
