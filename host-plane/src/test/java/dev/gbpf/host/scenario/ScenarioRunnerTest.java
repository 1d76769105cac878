package dev.gbpf.host.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.engine.Engine;
import dev.gbpf.host.library.PolicyLibrary;
import dev.gbpf.host.report.HtmlReport;
import dev.gbpf.host.report.JsonReport;
import dev.gbpf.host.report.TextReport;
import dev.gbpf.host.result.Phase;
import dev.gbpf.host.result.RunResult;
import dev.gbpf.host.result.TenantPhase;
import dev.gbpf.host.result.TimeSeries;
import dev.gbpf.host.swap.ActivationRecord;
import dev.gbpf.host.swap.TrialReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScenarioRunnerTest {
    private static final Path POLICIES =
            Path.of(System.getProperty("gbpf.root", "..")).resolve("policies");

    private static final String COLOCATION = """
            name: chat beside training
            seed: 42
            duration: 3s
            device: {inflight: 4}
            tenants:
              - {name: chat, weight: 4, priority: 10, slo: 12ms}
              - {name: training, weight: 1}
            workload:
              - tenant: chat
                arrivals: 300/s
                service: {lognormal: {median: 1ms, sigma: 0.4}}
                width: 132
                deadline: 20ms
              - tenant: training
                arrivals: {closed_loop: {clients: 24}}
                service: 3ms
                width: 132
            policy: fifo.gbpf
            swaps:
              - {at: 1s, to: weighted_fair.gbpf}
              - {at: 2s, to: fifo.gbpf}
            """;

    private static final String SERVING = """
            name: serving
            duration: 20s
            device: {inflight: 64}
            tenants: [{name: chat, weight: 3}, {name: batch}]
            workload:
              - llm:
                  trace: conversation
                  model: dense-8b
                  tenants:
                    - {tenant: chat, share: 1, ttft_slo: 200ms, tpot_slo: 50ms}
                    - {tenant: batch, share: 1}
            compare: [bypass, fifo.gbpf, weighted_fair.gbpf]
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void policies_lieBesideTheScenario() throws IOException {
        for (String name : List.of("fifo", "weighted_fair")) {
            Files.copy(POLICIES.resolve(name).resolve(name + ".gbpf"), folder.resolve(name + ".gbpf"));
        }
    }

    private List<RunResult> run(String text) {
        return run(text, Engine.AUTO);
    }

    private List<RunResult> run(String text, Engine engine) {
        Scenario scenario = new ScenarioReader(List.of()).parse(new SourceFile("test.yaml", text), folder);
        return new ScenarioRunner(PolicyLibrary.ofClassPath(), engine).run(scenario, RunProgress.NONE);
    }

    @Test
    void swaps_underLoad_loseNothingAndMoveShares() throws IOException {
        RunResult result = run(COLOCATION).getFirst();
        keep("colocation", HtmlReport.write(result), TextReport.write(result, false));

        assertThat(result.invariants().hold()).isTrue();
        assertThat(result.invariants().submitted()).isGreaterThan(1_000);
        assertThat(result.notes()).isEmpty();
        assertThat(result.run().label()).isEqualTo("fifo > weighted_fair > fifo");
        assertThat(result.phases()).extracting(Phase::policy).containsExactly("fifo", "weighted_fair", "fifo");
        assertThat(result.activations().get(1).queuedJobs()).isPositive();
        assertThat(median(result, 1)).isLessThan(median(result, 0) / 4);
        assertThat(median(result, 2)).isGreaterThan(median(result, 1) * 4);
        assertThat(result.phases().get(1).tenants().getFirst().carried()).isPositive();
        assertThat(result.counters()).hasSize(3);
        assertThat(result.counters().get(1).decisions())
                .extracting(c -> c.name())
                .contains("on_submit", "on_dispatch", "on_retire");
    }

    private static long median(RunResult result, int phase) {
        return result.phases().get(phase).tenants().getFirst().latency().p50Ns();
    }

    @Test
    void run_again_givesTheSameBytes_andNoPathOfTheMachine() {
        String once = JsonReport.write(run(COLOCATION).getFirst());
        assertThat(JsonReport.write(run(COLOCATION).getFirst())).isEqualTo(once);
        assertThat(once)
                .doesNotContain(folder.toString())
                .doesNotContain(folder.getFileName().toString());
        assertThat(JsonReport.read(once)).isEqualTo(run(COLOCATION).getFirst());
    }

    @Test
    void everyEngine_givesTheSameBytes() {
        String interpreted =
                JsonReport.write(run(COLOCATION, Engine.INTERPRETER).getFirst());
        for (Engine engine : List.of(Engine.JIT, Engine.AUTO)) {
            assertThat(JsonReport.write(run(COLOCATION, engine).getFirst()))
                    .as(engine.word())
                    .isEqualTo(interpreted);
        }
    }

    @Test
    void comparison_eachRun_isTheSameAsAlone() throws IOException {
        List<RunResult> results = run(SERVING);
        keep("serving", HtmlReport.write(results), TextReport.write(results, false));
        assertThat(results).extracting(r -> r.run().label()).containsExactly("bypass", "fifo", "weighted_fair");
        assertThat(results).allSatisfy(r -> {
            assertThat(r.invariants().hold()).isTrue();
            for (int bucket = 0; bucket < 100; bucket++) {
                long smNs = 0;
                for (TimeSeries.TenantSeries tenant : r.series().tenants()) {
                    smNs += tenant.smNs().get(bucket);
                }
                assertThat(smNs).isLessThanOrEqualTo(132 * r.series().bucketNs() + 2);
            }
            TenantPhase chat = r.totals().getFirst();
            assertThat(chat.requests()).isNotNull();
            assertThat(chat.requests().completed()).isPositive();
            assertThat(chat.requests().firstToken().p50Ns()).isPositive();
        });
        RunResult alone = run(SERVING.replace(
                        "compare: [bypass, fifo.gbpf, weighted_fair.gbpf]", "policy: weighted_fair.gbpf"))
                .getFirst();
        assertThat(results.get(2).phases()).isEqualTo(alone.phases());
        assertThat(results.get(2).series()).isEqualTo(alone.series());
    }

    @Test
    void policy_thatDoesNotCompileOrVerify_stopsBeforeTheRun() throws IOException {
        Files.writeString(folder.resolve("bad.gbpf"), "policy bad;\nhook on_submit(ctx) { return nonsense; }\n");
        assertThatExceptionOfType(ScenarioException.class)
                .isThrownBy(() -> run(COLOCATION.replace("at: 2s, to: fifo.gbpf", "at: 2s, to: bad.gbpf")))
                .satisfies(e -> assertThat(e.diagnostics().getFirst().code()).startsWith("E0"))
                .satisfies(e -> assertThat(e.source()).isNotNull());
        Files.writeString(folder.resolve("bad.gbo"), "not an object");
        assertThatExceptionOfType(ScenarioException.class)
                .isThrownBy(() -> run(COLOCATION.replace("policy: fifo.gbpf", "policy: bad.gbo")));
    }

    @Test
    void policy_thatRefusesToStart_isNotedAndBypassDecides() throws IOException {
        Files.writeString(folder.resolve("shy.gbpf"), "policy shy;\nhook init(ctx) { return 7; }\n");
        RunResult result = run(COLOCATION.replace("at: 2s, to: fifo.gbpf", "at: 2s, to: shy.gbpf"))
                .getFirst();
        assertThat(result.notes()).singleElement().asString().startsWith("at 2 s shy was not activated");
        assertThat(result.phases()).hasSize(2);
        assertThat(TextReport.write(result, false)).contains("Note: at 2 s shy was not activated");
    }

    @Test
    void trace_withABadLine_saysWhere() throws IOException {
        Files.writeString(
                folder.resolve("trace.csv"),
                "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.6805900,374,44\n2023-11-16 18:15:50,x,1\n");
        assertThatExceptionOfType(ScenarioException.class)
                .isThrownBy(() -> run(SERVING.replace("conversation", "trace.csv")))
                .satisfies(e -> {
                    assertThat(e.diagnostics().getFirst().code()).isEqualTo("E0811");
                    assertThat(e.diagnostics().getFirst().span()).isNotNull();
                    assertThat(e.diagnostics().getFirst().span().line()).isEqualTo(3);
                });
    }

    @Test
    void swap_toBypassAndBack_isAPhaseOfItsOwn() {
        RunResult result =
                run(COLOCATION.replace("to: weighted_fair.gbpf", "to: bypass")).getFirst();
        assertThat(result.phases()).extracting(Phase::policy).containsExactly("fifo", "bypass", "fifo");
        assertThat(result.invariants().hold()).isTrue();
    }

    @Test
    void shadow_isCompared_andChangesNothingElse() {
        RunResult alone = run(COLOCATION).getFirst();
        RunResult result = run(COLOCATION.replace(
                        "swaps:\n", "swaps:\n  - {at: 200ms, to: fifo.gbpf, mode: shadow, for: 500ms}\n"))
                .getFirst();
        TrialReport trial = result.trials().getFirst();
        assertThat(trial.outcome()).isEqualTo("dropped");
        assertThat(trial.agreement()).allSatisfy(hook -> {
            assertThat(hook.decisions()).isPositive();
            assertThat(hook.agreed()).isEqualTo(hook.decisions());
        });
        assertThat(result.phases()).isEqualTo(alone.phases());
    }

    @Test
    void canary_whoseGuardTrips_isRolledBack_andTheReportSaysWhy() throws IOException {
        Files.writeString(
                folder.resolve("harsh.gbpf"),
                "policy harsh;\nhook on_submit(ctx) { ctx.reason = 9; return REJECT; }\n");
        RunResult result = run(COLOCATION.replace(
                        "swaps:\n",
                        "swaps:\n  - {at: 200ms, to: harsh.gbpf, mode: canary, share: 0.25,"
                                + " guards: {rejected: 0.1, samples: 20, window: 100ms}}\n"))
                .getFirst();
        TrialReport trial = result.trials().getFirst();
        assertThat(trial.outcome()).isEqualTo("rolled_back");
        assertThat(trial.why()).contains("jobs were rejected, 100.0 %; the guard allows 10.0 %");
        assertThat(trial.candidate().rejected()).isEqualTo(result.invariants().rejected());
        assertThat(result.invariants().hold()).isTrue();
        assertThat(TextReport.write(result, false)).contains("canary of harsh beside fifo, 25 % of the jobs");
        assertThat(HtmlReport.write(result)).contains("harsh (canary)");
        assertThat(JsonReport.read(JsonReport.write(result))).isEqualTo(result);
    }

    @Test
    void canary_thatHolds_isPromoted_andRollbackUndoesIt() {
        RunResult result = run(COLOCATION
                        .replace(
                                "{at: 1s, to: weighted_fair.gbpf}",
                                "{at: 200ms, to: weighted_fair.gbpf, mode: canary, share: 0.5, sticky: tenant, for: 300ms}")
                        .replace("{at: 2s, to: fifo.gbpf}", "{at: 900ms, do: rollback}"))
                .getFirst();
        assertThat(result.trials().getFirst().outcome()).isEqualTo("promoted");
        assertThat(result.activations())
                .extracting(ActivationRecord::to, ActivationRecord::reason)
                .containsExactly(
                        tuple("fifo", "start"),
                        tuple("weighted_fair", "promotion of the canary"),
                        tuple("fifo", "rollback"));
        assertThat(result.invariants().hold()).isTrue();
    }

    @Test
    void orderThatCannotBeCarriedOut_isNoted() {
        RunResult result = run(COLOCATION.replace("swaps:\n", "swaps:\n  - {at: 200ms, do: rollback}\n"))
                .getFirst();
        assertThat(result.notes())
                .containsExactly(
                        "at 0.2 s what was to be done about fifo was not done: there is no earlier policy that it"
                                + " could go back to");
    }

    private static void keep(String name, String html, String text) throws IOException {
        String pages = System.getProperty("gbpf.pages");
        if (pages != null) {
            Files.writeString(Path.of(pages, name + ".html"), html);
            Files.writeString(Path.of(pages, name + ".txt"), text);
        }
    }
}
