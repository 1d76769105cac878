package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.cli.Cli.Result;
import dev.gbpf.host.report.JsonReport;
import dev.gbpf.host.result.RunResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the two policies of the test resources as library. */
class RunCommandTest {
    private static final String SCENARIO = """
            name: two tenants
            seed: 7
            duration: 200ms
            tenants:
              - {name: chat, weight: 3}
              - {name: training}
            workload:
              - {tenant: chat, arrivals: 300/s, service: {exponential: 1ms}}
              - {tenant: training, arrivals: {closed_loop: {clients: 4}}, service: 2ms}
            policy: oldest
            swaps:
              - {at: 100ms, to: newest}
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    @BeforeEach
    void scenario() throws IOException {
        write("two.yaml", SCENARIO);
        write("mine.gbpf", Policies.GOOD);
    }

    @Test
    void run_showsWhatTheSwapDid() {
        Result result = run("run", "two.yaml");
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).contains("two tenants", "chat", "training", "oldest", "newest");
    }

    @Test
    void dumpMaps_printsWhatTheyHoldAtTheEnd() throws IOException {
        write("counts.gbpf", """
                policy counts;
                map seen: array<u64>[2];
                hook on_submit(ctx) { seen[1] += 1; return ENQUEUE; }
                """);
        assertThat(run("run", "two.yaml", "--policy", "counts.gbpf", "--dump-maps")
                        .out())
                .containsPattern("\nmaps\ncounts.seen \\(array\\)\n  0: 0\n  1: [1-9][0-9]*\n");
        assertThat(run("run", "two.yaml", "--policy", "counts.gbpf", "--policy", "oldest", "--dump-maps")
                        .out())
                .containsPattern("maps after .*counts.gbpf\n")
                .contains("maps after oldest\n  none\n");
    }

    @Test
    void metrics_areServedWhileOnePolicyRuns_andRefusedForAComparison() {
        Result result = run("run", "two.yaml", "--metrics", "0");
        assertThat(result.code()).isZero();
        assertThat(result.err()).matches("metrics at http://127\\.0\\.0\\.1:\\d+/metrics\n");
        assertThat(run("run", "two.yaml", "--metrics", "70000").err()).contains("--metrics 70000 is not in 0..65535");
        Result two = run("run", "two.yaml", "--metrics", "0", "--policy", "oldest", "--policy", "newest");
        assertThat(two.code()).isEqualTo(ExitCode.USAGE.number());
        assertThat(two.err()).contains("the scenario compares policies");
    }

    @Test
    void outputs_areWhole() throws IOException {
        Result result = run("run", "two.yaml", "--html", "r.html", "--json", "r.json");
        assertThat(result.out()).endsWith("\nreport: r.html\n");
        assertThat(directory.resolve("r.html")).content().startsWith("<!").contains("</html>");
        RunResult read = JsonReport.read(Files.readString(directory.resolve("r.json")));
        assertThat(read.run().seed()).isEqualTo(7);
        assertThat(read.invariants().hold()).isTrue();
        assertThat(read.activations()).hasSize(2);
    }

    @Test
    void sameSeed_givesTheSameBytes() {
        String once = run("run", "two.yaml", "--json", "-").out();
        assertThat(run("run", "two.yaml", "--json", "-").out()).isEqualTo(once);
        assertThat(run("--json", "run", "two.yaml").out()).isEqualTo(once);
        assertThat(run("run", "two.yaml", "--seed", "8", "--json", "-").out()).isNotEqualTo(once);
    }

    @Test
    void quiet_saysNothing() {
        Result result = new Cli(directory).terminal(Map.of()).run("run", "two.yaml", "--quiet", "--json", "r.json");
        assertThat(result).isEqualTo(new Result(0, "", ""));
        assertThat(directory.resolve("r.json")).isRegularFile();
    }

    @Test
    void policyOfTheLibrary_takesThePlaceOfTheScenarios() {
        RunResult read = JsonReport.read(
                run("run", "two.yaml", "--policy", "newest", "--json", "-").out());
        assertThat(read.activations()).hasSize(1);
        assertThat(read.activations().getFirst().to()).isEqualTo("newest");
    }

    @Test
    void policyFile_isFoundFromThisFolder() throws IOException {
        Files.createDirectory(directory.resolve("sub"));
        write("sub/two.yaml", SCENARIO);
        write("mine.gbpf", Files.readString(resource("oldest")).replace("oldest", "mine"));
        RunResult read = JsonReport.read(run("run", "sub/two.yaml", "--policy", "mine.gbpf", "--json", "-")
                .out());
        assertThat(read.activations().getFirst().to()).isEqualTo("mine");
    }

    @Test
    void severalPolicies_areCompared() {
        List<RunResult> read = JsonReport.readComparison(
                run("run", "two.yaml", "--policy", "newest", "--policy", "bypass", "--json", "-")
                        .out());
        assertThat(read).hasSize(2);
    }

    @Test
    void scenarioFromStandardInput_isRun() {
        Result result = new Cli(directory)
                .stdin(SCENARIO.getBytes(StandardCharsets.UTF_8))
                .run("run", "-");
        assertThat(result.code()).as(result.err()).isZero();
    }

    @Test
    void badScenario_showsThePlaces() throws IOException {
        write("bad.yaml", SCENARIO.replace("duration: 200ms", "duration: 200").replace("tenant: chat", "tenant: cat"));
        Result result = run("run", "bad.yaml", "--html", "r.html");
        assertThat(result.code()).isEqualTo(6);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("bad.yaml:3:", "bad.yaml:8:", "2 errors");
        assertThat(directory.resolve("r.html")).doesNotExist();
    }

    @Test
    void badPolicies_haveTheExitCodesOfTheirStage() throws IOException {
        write("wrong.gbpf", Policies.WRONG);
        write("unsafe.gbpf", Policies.UNSAFE);
        assertThat(run("run", "two.yaml", "--policy", "wrong.gbpf").code()).isEqualTo(4);
        assertThat(run("run", "two.yaml", "--policy", "unsafe.gbpf").code()).isEqualTo(5);
        assertThat(run("run", "two.yaml", "--policy", "nope.gbpf").code()).isEqualTo(3);
        assertThat(run("run", "two.yaml", "--policy", "oldset").err())
                .isEqualTo("gbpf: error: the policy library has no policy oldset\n  help: did you mean oldest?\n");
        write("two.yaml", SCENARIO.replace("policy: oldest", "policy: wrong.gbpf"));
        assertThat(run("run", "two.yaml").code()).isEqualTo(4);
        write("two.yaml", SCENARIO.replace("policy: oldest", "policy: unsafe.gbpf"));
        Result rejected = run("run", "two.yaml");
        assertThat(rejected.code()).isEqualTo(5);
        assertThat(rejected.err()).contains("error[V0060]", "return ctx.now_ns;");
    }

    @Test
    void outputsThatCannotBe_areRefusedBeforeTheRun() {
        assertThat(run("run", "two.yaml", "--html", "no/r.html").code()).isEqualTo(9);
        assertThat(run("run", "two.yaml", "--json", "two.yaml").err())
                .startsWith("gbpf: error: two.yaml is the input\n");
        assertThat(run("run", "two.yaml", "--json", "r", "--html", "./r").code())
                .isEqualTo(2);
        assertThat(run("run", "two.yaml", "--json", "-", "--html", "-").code()).isEqualTo(2);
        assertThat(run("run", "two.yaml", "--trace", "nope.csv").code()).isEqualTo(3);
        assertThat(run("run", "two.yaml", "--trace", "two.yaml").err())
                .startsWith("gbpf: error: --trace is for language model workloads, and the scenario has none\n");
    }

    @Test
    void jsonWithoutAFile_isExplained() {
        assertThat(run("run", "--json", "two.yaml").err()).contains("--json takes a file here, - for standard output");
    }

    private static Path resource(String policy) {
        return Path.of("src/test/resources/dev/gbpf/policies", policy + ".gbpf");
    }

    private Result run(String... arguments) {
        return new Cli(directory).run(arguments);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }
}
