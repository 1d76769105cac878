package dev.gbpf.policies.cost;

import dev.gbpf.host.library.PolicyLibrary;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import dev.gbpf.verifier.Certificate;
import dev.gbpf.verifier.VerificationResult;
import dev.gbpf.verifier.Verifier;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A hook of a policy of the library.
 *
 * @param policy the policy
 * @param program the hook's program
 * @param certificate what it costs at most
 */
record LibraryHook(PolicyObject policy, ProgramObject program, Certificate certificate) {
    /** All hooks of all policies, in order of the policies' names. */
    static Stream<LibraryHook> all() {
        return PolicyLibrary.ofClassPath().policies().stream().flatMap(policy -> {
            if (PolicyCompiler.compile(policy.source()) instanceof CompileResult.Compiled compiled
                    && new Verifier().verify(compiled.object()) instanceof VerificationResult.Accepted accepted) {
                List<ProgramObject> programs = compiled.object().programs();
                return IntStream.range(0, programs.size())
                        .mapToObj(i -> new LibraryHook(
                                compiled.object(),
                                programs.get(i),
                                accepted.certificates().get(i)));
            }
            throw new IllegalStateException(policy.name() + " is not accepted");
        });
    }

    /** A search for what it costs; a run past the certificate is a fault. */
    CostSearch search(long seed) {
        return new CostSearch(
                program.hook(), program.program(), policy.maps(), certificate.worstCaseInstructions(), seed);
    }

    @Override
    public String toString() {
        return policy.name() + " " + program.hook().symbol();
    }
}
