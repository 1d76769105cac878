package dev.gbpf.verifier.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.verifier.Fixture;
import dev.gbpf.verifier.Verifier;
import dev.gbpf.verifier.VerifierOptions;
import dev.gbpf.verifier.analysis.AnalysisResult;
import dev.gbpf.verifier.analysis.AnalysisStates;
import dev.gbpf.verifier.assertion.Assertion;
import dev.gbpf.verifier.assertion.Violation;
import dev.gbpf.verifier.explain.AbstractPath.Joint;
import dev.gbpf.verifier.testkit.Mutation;
import dev.gbpf.verifier.testkit.RandomCode;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What holds of the explanations of any rejected program. */
class ExplainerLawsTest {
    private static final Verifier VERIFIER = new Verifier(VerifierOptions.DEFAULT.withStepLimit(200_000));

    @Property(tries = 300)
    void explanation_ofRandomProgram_isWhole(@ForAll @IntRange(max = 1 << 30) int seed) {
        Program program = program(seed);
        AnalysisResult result = VERIFIER.analyse(program, Fixture.TYPE, Fixture.MAPS);
        List<Explanation> explanations =
                new Explainer(ProgramText.of(program, Fixture.TYPE, Fixture.MAPS)).explain(result);
        assertThat(explanations).extracting(Explanation::violation).isEqualTo(result.violations());
        for (Explanation explanation : explanations) {
            assertThat(explanation.path()).allMatch(s -> program.get(s.index()) instanceof Instruction.CondJump);
            assertThat(explanation.path()).noneMatch(s -> s.reason().isEmpty());
            assertThat(explanation.history())
                    .allMatch(e -> e.index() < program.size() && !e.text().isEmpty());
            assertThat(explanation.fix() == null || explanation.fix().edits().isEmpty())
                    .as("there is no source to edit")
                    .isTrue();
        }
    }

    @Property(tries = 300)
    void path_thatNeedsNoOther_showsTheFaultByItself(@ForAll @IntRange(max = 1 << 30) int seed) {
        AnalysisResult result = VERIFIER.analyse(program(seed), Fixture.TYPE, Fixture.MAPS);
        AnalysisStates states = result.states();
        for (Violation violation : result.violations()) {
            Violation.Fault fault = violation.fault();
            Assertion assertion = fault == null ? null : fault.assertion();
            if (states == null || fault == null || assertion == null) {
                continue;
            }
            AbstractPath path = new PathSearch(states).to(violation, fault.block(), assertion);
            assertThat(path.step(path.size() - 1).index()).isEqualTo(violation.index());
            Violation found = states.check(assertion, path.last(), violation.index());
            assertThat(found).as("seed %d", seed).isNotNull();
            assertThat(found.code()).isEqualTo(violation.code());
            if (path.kind() == Joint.NONE) {
                assertThat(path.step(0).index()).isZero();
            }
            assertConnected(path, states);
        }
    }

    private static void assertConnected(AbstractPath path, AnalysisStates states) {
        for (int i = 0; i + 1 < path.size(); i++) {
            int edge = path.step(i).edge();
            int next = path.step(i + 1).block().id();
            assertThat(next)
                    .isEqualTo(
                            edge < 0
                                    ? path.step(i).block().id()
                                    : states.graph().edgeTarget(edge));
        }
    }

    private static Program program(int seed) {
        Random random = new Random(seed);
        Program written = RandomCode.generate(random);
        return random.nextBoolean() ? Mutation.of(written, random) : written;
    }
}
