package dev.gbpf.host.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.SourceFile;
import java.nio.file.Path;
import java.util.List;

/** Scenarios as texts, read. */
final class ScenarioTexts {
    static final long MS = 1_000_000;
    static final List<String> LIBRARY = List.of("fifo", "round_robin", "weighted_fair", "priority_sla");

    static final String GOOD = """
            name: chat and training
            seed: 42
            duration: 10s
            device:
              memory: 80GiB
              inflight: 32
            tenants:
              - {name: chat, weight: 8, priority: 10, slo: 12ms}
              - name: training
            workload:
              - tenant: chat
                arrivals: 800/s
                service: 250us
                width: 16
                copy_in: 64KiB
                deadline: 20ms
              - tenant: training
                arrivals: {closed_loop: {clients: 4}}
                service: {heavy_tail: {min: 1ms, max: 50ms, alpha: 1.5}}
                memory_intensity: 0.75
                estimate: mean
            policy: fifo
            swaps:
              - {at: 4s, to: weighted_fair}
              - {at: 7.5s, to: bypass}
            """;

    static Scenario parse(String text) {
        return new ScenarioReader(LIBRARY).parse(new SourceFile("folder/test.yaml", text), Path.of(""));
    }

    static List<Diagnostic> problems(String text) {
        ScenarioException e = catchThrowableOfType(ScenarioException.class, () -> parse(text));
        assertThat(e).as("the scenario should have been refused").isNotNull();
        return e.diagnostics();
    }

    /** One problem as a line: code, place, message, and the label when there is one. */
    static String written(Diagnostic d) {
        String place = d.span() == null ? "-" : d.span().line() + ":" + d.span().column();
        return d.code() + " " + place + " " + d.message() + (d.label().isEmpty() ? "" : " | " + d.label());
    }

    private ScenarioTexts() {}
}
