package dev.gbpf.host.policytest;

import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.host.engine.CodeCache;
import dev.gbpf.host.engine.Engine;
import dev.gbpf.host.engine.ProgramLinker;
import dev.gbpf.lang.policytest.CodeFragment;
import dev.gbpf.lang.policytest.CompiledStep;
import dev.gbpf.lang.policytest.PolicyTest;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.verifier.VerificationResult;
import dev.gbpf.verifier.Verifier;
import java.util.List;

/**
 * Runs tests of a policy: its verified programs, on maps of their own and a plane that is asked by hand.
 * Every test starts from nothing.
 */
public final class PolicyTestRunner {
    private final PolicyObject policy;
    private final ProgramLinker linker;
    private final Verifier verifier = new Verifier();

    /** A runner of a policy in the interpreter. */
    public PolicyTestRunner(PolicyObject policy) {
        this(policy, Engine.INTERPRETER);
    }

    /**
     * A runner.
     *
     * @param policy a policy that the verifier accepts
     * @param engine what runs its programs
     */
    public PolicyTestRunner(PolicyObject policy, Engine engine) {
        this.policy = policy;
        // The tests' own map beside the policy's makes it other code than that of a loaded policy.
        this.linker = new ProgramLinker(engine, new CodeCache(CodeCache.DEFAULT_BYTES), Runnable::run);
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
        try (TestBench bench = new TestBench(policy, linker)) {
            TestRun run = new TestRun(policy, bench, test);
            if (!test.asksInit() && policy.program(Hook.INIT).isPresent()) {
                run.initialise();
            }
            return run.finish();
        }
    }
}
