package dev.gbpf.host.image;

import dev.gbpf.diagnostic.Diagnostic;
import java.util.List;

/** What became of an attempt to load a policy. */
public sealed interface LoadResult {
    /**
     * The policy is safe, and its image can be activated once.
     *
     * @param image ready to run; whoever does not activate it calls {@link PolicyImage#discard}
     */
    record Loaded(PolicyImage image) implements LoadResult {}

    /** The verifier refused it, and nothing has changed. */
    record Rejected(List<Diagnostic> diagnostics) implements LoadResult {
        public Rejected {
            diagnostics = List.copyOf(diagnostics);
        }
    }
}
