package dev.gbpf.verifier.adversarial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.isa.Program;
import dev.gbpf.verifier.Fixture;
import dev.gbpf.verifier.VerificationResult;
import dev.gbpf.verifier.Verifier;
import dev.gbpf.verifier.VerifierOptions;
import dev.gbpf.verifier.assertion.RejectionCode;
import dev.gbpf.verifier.limit.AnalysisLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Hostile programs end with a verdict and keep to the limits; in their full sizes with {@code -Dgbpf.long=true}. */
class AdversarialTest {
    private static final boolean FULL = Boolean.getBoolean("gbpf.long");

    private static final AnalysisLimits SMALL =
            AnalysisLimits.DEFAULT.withSteps(300_000).withMemoryBytes(64L << 20).withTime(Duration.ofMinutes(10));

    private static final VerifierOptions OPTIONS =
            VerifierOptions.DEFAULT.withLimits(FULL ? AnalysisLimits.DEFAULT : SMALL);

    /**
     * A hostile program.
     *
     * @param faulty whether it has a fault besides
     */
    record Case(HostileProgram shape, boolean faulty) {
        @Override
        public String toString() {
            return shape + (faulty ? ", with a fault" : "");
        }
    }

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (HostileProgram shape : HostileProgram.values()) {
            cases.add(new Case(shape, false));
            cases.add(new Case(shape, true));
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void hostileProgram_isAnsweredWithinTheLimits(Case hostile) {
        HostileProgram shape = hostile.shape();
        Program program = shape.ofSize(FULL ? shape.full() : shape.small(), hostile.faulty());
        VerificationResult result = new Verifier(OPTIONS).verify(program, Fixture.TYPE, Fixture.MAPS);
        if (result instanceof VerificationResult.Rejected rejected) {
            assertThat(rejected.diagnostics())
                    .extracting(Diagnostic::code)
                    .doesNotContain(RejectionCode.UNCONFIRMED.code());
        }
        if (hostile.faulty()) {
            assertThat(result.isAccepted()).isFalse();
        }
        // What is counted in one go may pass a limit before it is seen.
        assertThat(result.effort().steps()).isLessThan(2 * OPTIONS.limits().steps());
        assertThat(result.effort().memoryBytes())
                .isLessThan(2 * OPTIONS.limits().memoryBytes());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void hostileProgram_hasTheSameAnswerAgain(Case hostile) {
        Program program = hostile.shape().ofSize(Math.max(1, hostile.shape().small() / 10), hostile.faulty());
        Verifier verifier = new Verifier(OPTIONS);
        assertThat(verifier.verify(program, Fixture.TYPE, Fixture.MAPS))
                .isEqualTo(verifier.verify(program, Fixture.TYPE, Fixture.MAPS));
    }
}
