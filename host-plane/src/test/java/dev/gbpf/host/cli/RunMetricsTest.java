package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.engine.Engine;
import dev.gbpf.host.library.PolicyLibrary;
import dev.gbpf.host.plane.PolicyPlane;
import dev.gbpf.host.scenario.RunObserver;
import dev.gbpf.host.scenario.RunProgress;
import dev.gbpf.host.scenario.Scenario;
import dev.gbpf.host.scenario.ScenarioReader;
import dev.gbpf.host.scenario.ScenarioRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With the two policies of the test resources as library. */
@Timeout(60)
class RunMetricsTest {
    private static final String SCENARIO = """
            name: busy
            seed: 7
            duration: 300ms
            tenants:
              - {name: chat, memory: {soft: 1GiB, hard: 2GiB}}
            workload:
              - {tenant: chat, arrivals: 100000/s, service: 1us}
            policy: oldest
            """;

    /** Has somebody ask during the run, and goes on when he has his answer. */
    private static final class Asked implements RunObserver {
        @Nullable
        RunMetrics metrics;

        private @Nullable CompletableFuture<String> answer;

        @Override
        public void running(PolicyPlane plane) {
            RunMetrics served = metrics;
            if (served == null || answer != null) {
                return;
            }
            CompletableFuture<String> got = CompletableFuture.supplyAsync(() -> get(served));
            answer = got;
            while (!got.isDone()) {
                served.running(plane);
                Thread.onSpinWait();
            }
        }
    }

    private static String get(RunMetrics metrics) {
        try (var in = URI.create(metrics.address()).toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whoAsksDuringARun_getsItsFigures() throws IOException {
        Asked asked = new Asked();
        try (RunMetrics metrics = new RunMetrics(0, asked)) {
            asked.metrics = metrics;
            PolicyLibrary library = PolicyLibrary.ofClassPath();
            Scenario scenario =
                    new ScenarioReader(library.names()).parse(new SourceFile("busy.yaml", SCENARIO), Path.of("."));
            new ScenarioRunner(library, Engine.INTERPRETER).run(scenario, RunProgress.NONE, metrics);
            CompletableFuture<String> answer = asked.answer;
            assertThat(answer).isNotNull();
            assertThat(answer.join())
                    .contains("gbpf_policy_info{policy=\"oldest\"")
                    .contains("gbpf_policy_programs{policy=\"oldest\",tier=\"jit\"} 0.0")
                    .containsPattern("gbpf_policy_programs\\{policy=\"oldest\",tier=\"interpreter\"} [1-9]")
                    .containsPattern("gbpf_memory_limit_bytes\\{limit=\"hard\",tenant=\"chat\"} 2.147")
                    .contains("gbpf_memory_used_bytes{tenant=\"chat\"} 0.0")
                    .contains("gbpf_copies_inflight{direction=\"to-device\",tenant=\"chat\"} 0.0");
            asked.metrics = null;
        }
    }

    @Test
    void beforeTheRun_thereIsNothingToShow_andAPortIsTakenOnce() throws IOException {
        try (RunMetrics metrics = new RunMetrics(0, RunObserver.NONE)) {
            assertThatThrownBy(() -> get(metrics)).hasMessageContaining("503");
            int port = URI.create(metrics.address()).getPort();
            assertThatThrownBy(() -> new RunMetrics(port, RunObserver.NONE).close())
                    .isInstanceOf(IOException.class);
        }
    }
}
