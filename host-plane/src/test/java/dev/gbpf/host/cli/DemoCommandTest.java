package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.cli.Cli.Result;
import dev.gbpf.host.scenario.Scenario;
import dev.gbpf.host.scenario.ScenarioReader;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    @Test
    void print_givesAScenarioToBeginWith() {
        assertThat(printed("demo", "--print").durationNs()).isEqualTo(75_000_000_000L);
    }

    @Test
    void withATrace_runsLonger() {
        assertThat(printed("demo", "--print", "--trace", "any.csv").durationNs())
                .isEqualTo(600_000_000_000L);
    }

    @Test
    void outputThatCannotBe_isRefusedBeforeAnythingRuns() {
        Result result = new Cli(directory).run("demo", "--html", "no/demo.html");
        assertThat(result.code()).isEqualTo(9);
        assertThat(directory).isEmptyDirectory();
    }

    private Scenario printed(String... arguments) {
        return new ScenarioReader(List.of("fifo", "priority_sla"))
                .parse(
                        new SourceFile(
                                "demo.yaml", new Cli(directory).run(arguments).out()),
                        directory);
    }
}
