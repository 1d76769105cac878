package dev.gbpf.host.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gbpf.diagnostic.DiagnosticRenderer;
import dev.gbpf.host.scenario.Scenario;
import dev.gbpf.host.scenario.ScenarioException;
import dev.gbpf.host.scenario.ScenarioReader;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Scenario files. */
class ScenarioFuzzTest {
    /** The tree of a document, with the place of each node. */
    private static final int PER_BYTE = 1000;

    private static final Path NOWHERE = Path.of("/nonexistent");
    private static final ScenarioReader READER =
            new ScenarioReader(List.of("fifo", "round_robin", "weighted_fair", "priority_sla"));

    static {
        seeds().forEach(ScenarioFuzzTest::read);
    }

    static Stream<byte[]> seeds() {
        return Seeds.files(".yaml", "examples", "host-plane/src/main/resources");
    }

    @MethodSource("seeds")
    @Timeout(20)
    @FuzzTest
    void scenario_ofAnyBytes_isReadOrRefused(byte[] bytes) {
        Allocation.within(PER_BYTE, bytes.length, () -> read(bytes));
    }

    private static @Nullable Scenario read(byte[] bytes) {
        try {
            return READER.parse("fuzz.yaml", bytes, NOWHERE);
        } catch (ScenarioException e) {
            assertThat(e.diagnostics()).isNotEmpty();
            new DiagnosticRenderer(e.source(), true).render(e.diagnostics());
            return null;
        }
    }
}
