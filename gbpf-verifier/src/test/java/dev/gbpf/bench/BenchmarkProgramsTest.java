package dev.gbpf.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.verifier.analysis.AnalysisResult;
import dev.gbpf.verifier.analysis.AnalysisStates;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The programs of the benchmark are accepted, and how often their instructions are interpreted does not creep up. */
class BenchmarkProgramsTest {
    @ParameterizedTest
    @CsvSource({"straight, 1.0", "branchy, 1.0", "loopy, 6.5"})
    void generatedProgram_isAcceptedAfterFewVisits(String family, double most) {
        assertThat(visits(Subject.of(family, 1000, 42))).isLessThanOrEqualTo(most);
    }

    @Test
    void programOfClang_isAcceptedAfterFewVisits() {
        Assumptions.assumeTrue(ClangPrograms.isAvailable(), "skipped: clang-19 is not installed");
        assertThat(visits(Subject.of(Subject.CLANG, 1000, 42))).isLessThanOrEqualTo(6.5);
    }

    private static double visits(Subject subject) {
        AnalysisResult result = subject.verify();
        AnalysisStates states = result.states();
        assertThat(states).isNotNull();
        return states == null
                ? 0
                : (double) states.interpreted() / subject.program().size();
    }
}
