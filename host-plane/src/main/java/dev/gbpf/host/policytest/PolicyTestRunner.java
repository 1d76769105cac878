package dev.gbpf.host.policytest;

import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.lang.policytest.CodeFragment;
import dev.gbpf.lang.policytest.CompiledStep;
import dev.gbpf.lang.policytest.PolicyTest;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.verifier.VerificationResult;
import dev.gbpf.verifier.Verifier;
import java.util.List;

/**
 * Runs tests of a policy: its verified programs in the interpreter, on maps of their own and a plane that is asked by hand.
 * Every test starts from nothing.
 */
public final class PolicyTestRunner {
    private final PolicyObject policy;
    private final Verifier verifier = new Verifier();

    /**
     * A runner.
     *
     * @param policy a policy that the verifier accepts
     */
    public PolicyTestRunner(PolicyObject policy) {
        this.policy = policy;
    }

    /** Why the verifier rejects the policy or the code of one of the tests; empty when it does not. */
    public List<Diagnostic> verify(List<PolicyTest> tests) {
        if (verifier.verify(policy) instanceof VerificationResult.Rejected rejected) {
            return rejected.diagnostics();
        }
        for (PolicyTest test : tests) {
            for (CompiledStep step : test.steps()) {
                CodeFragment code = step.code();
                if (verifier.verify(code.object()) instanceof VerificationResult.Rejected rejected) {
                    return rejected.diagnostics();
                }
            }
        }
        return List.of();
    }

    /** Runs a test that {@link #verify} had nothing to say about. */
    public TestOutcome run(PolicyTest test) {
        try (TestBench bench = new TestBench(policy)) {
            TestRun run = new TestRun(policy, bench, test);
            if (!test.asksInit() && policy.program(Hook.INIT).isPresent()) {
                run.initialise();
            }
            return run.finish();
        }
    }
}
