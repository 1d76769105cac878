package dev.gbpf.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.ContextLayout;
import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.verifier.assertion.RejectionCode;
import dev.gbpf.verifier.platform.ProgramType;
import dev.gbpf.verifier.testkit.TestHook;
import java.util.List;

/** The {@link TestHook}, and the two questions that rule tests ask. */
public final class Fixture {
    public static final int HASH = TestHook.HASH;
    public static final int ARRAY = TestHook.ARRAY;
    public static final int WIDE = TestHook.WIDE;
    public static final int CONSTANTS = TestHook.CONSTANTS;
    public static final int PERCPU = TestHook.PERCPU;
    public static final int QUEUE = TestHook.QUEUE;
    public static final int RING = TestHook.RING;
    public static final List<MapDefinition> MAPS = TestHook.MAPS;
    public static final ContextLayout CONTEXT = TestHook.CONTEXT;
    public static final int BUDGET = TestHook.BUDGET;
    public static final ProgramType TYPE = TestHook.TYPE;
    public static final ProgramType ANY_VERDICT = TestHook.ANY_VERDICT;

    private Fixture() {}

    public static VerificationResult verify(Code.Line... lines) {
        return new Verifier().verify(Code.program(lines), TYPE, MAPS);
    }

    /** The program is accepted; its certificate. */
    public static Certificate assertAccepted(Code.Line... lines) {
        return assertAccepted(verify(lines));
    }

    public static Certificate assertAccepted(VerificationResult result) {
        assertThat(result).isInstanceOf(VerificationResult.Accepted.class);
        return ((VerificationResult.Accepted) result).certificates().getFirst();
    }

    /** The program is rejected with this code at the marked instruction; the diagnostic. */
    public static Diagnostic assertRejected(RejectionCode code, Code.Line... lines) {
        Code.Assembled assembled = Code.assemble(List.of(lines));
        VerificationResult result = new Verifier().verify(assembled.program(), TYPE, MAPS);
        assertThat(result).isInstanceOf(VerificationResult.Rejected.class);
        List<Diagnostic> diagnostics = ((VerificationResult.Rejected) result).diagnostics();
        Diagnostic first = diagnostics.getFirst();
        assertThat(first.code()).as("code of %s", first).isEqualTo(code.code());
        if (assembled.mark() >= 0) {
            assertThat(first.notes().getFirst()).contains("at pc=" + assembled.mark() + ":");
        }
        return first;
    }
}
