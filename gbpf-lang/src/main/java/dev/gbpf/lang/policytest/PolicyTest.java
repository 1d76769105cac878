package dev.gbpf.lang.policytest;

import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.SourceSpan;
import java.util.List;

/**
 * A test of a policy, ready to run.
 *
 * @param title what holds, in words
 * @param span where the title stands
 * @param steps in order
 */
public record PolicyTest(String title, SourceSpan span, List<CompiledStep> steps) {
    public PolicyTest {
        steps = List.copyOf(steps);
    }

    /** Whether the test asks the policy's {@code init} itself; otherwise it is asked first. */
    public boolean asksInit() {
        return steps.stream().anyMatch(s -> s instanceof CompiledStep.Invoke invoke && invoke.hook() == Hook.INIT);
    }
}
