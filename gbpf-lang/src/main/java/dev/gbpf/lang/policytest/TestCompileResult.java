package dev.gbpf.lang.policytest;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.object.PolicyObject;
import java.util.List;

/** What became of the tests of a source. */
public sealed interface TestCompileResult {

    /**
     * The policy and its tests.
     *
     * @param warnings about the policy
     */
    record Compiled(PolicyObject object, List<PolicyTest> tests, List<Diagnostic> warnings)
            implements TestCompileResult {
        public Compiled {
            tests = List.copyOf(tests);
            warnings = List.copyOf(warnings);
        }
    }

    /** Why there are no tests; at least one error, in order of place. */
    record Failed(List<Diagnostic> diagnostics) implements TestCompileResult {
        public Failed {
            diagnostics = List.copyOf(diagnostics);
        }
    }
}
