package dev.gbpf.lang.compile;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.object.PolicyObject;
import java.util.List;

/** What became of a source. */
public sealed interface CompileResult {

    /** A policy, and what the compiler would have written otherwise. */
    record Compiled(PolicyObject object, List<Diagnostic> warnings) implements CompileResult {
        public Compiled {
            warnings = List.copyOf(warnings);
        }
    }

    /** Why there is no policy; at least one error, in order of place. */
    record Failed(List<Diagnostic> diagnostics) implements CompileResult {
        public Failed {
            diagnostics = List.copyOf(diagnostics);
        }
    }
}
