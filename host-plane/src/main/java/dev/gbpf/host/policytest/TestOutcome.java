package dev.gbpf.host.policytest;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.lang.policytest.PolicyTest;
import java.util.List;

/**
 * What became of a test.
 *
 * @param test the test
 * @param expectations how many expectations held
 * @param failures what did not; empty when the test passed
 */
public record TestOutcome(PolicyTest test, int expectations, List<Diagnostic> failures) {
    public TestOutcome {
        failures = List.copyOf(failures);
    }

    public boolean passed() {
        return failures.isEmpty();
    }
}
