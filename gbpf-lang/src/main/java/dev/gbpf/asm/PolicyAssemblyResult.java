package dev.gbpf.asm;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.object.PolicyObject;
import java.util.List;

/** What assembling a policy gives: an object, or everything that is wrong with the source. */
public sealed interface PolicyAssemblyResult {

    /**
     * The source is a policy.
     *
     * @param object it, with its source and the place of each instruction
     */
    record Assembled(PolicyObject object) implements PolicyAssemblyResult {}

    /**
     * The source has errors.
     *
     * @param diagnostics in order of the source, at least one
     */
    record Failed(List<Diagnostic> diagnostics) implements PolicyAssemblyResult {
        public Failed {
            diagnostics = List.copyOf(diagnostics);
        }
    }
}
