package dev.gbpf.host.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.scenario.Scenario.Policies;
import dev.gbpf.host.sim.DeviceModel;
import dev.gbpf.host.sim.VsliceSpec;
import dev.gbpf.host.swap.SwapMode;
import dev.gbpf.host.workload.ArrivalProcess;
import dev.gbpf.host.workload.LlmCostModel;
import dev.gbpf.host.workload.ServiceTime;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ScenarioReaderTest {
    private static final long MS = 1_000_000;
    private static final List<String> LIBRARY = List.of("fifo", "round_robin", "weighted_fair", "priority_sla");

    private static final String GOOD = """
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

    private static Scenario parse(String text) {
        return new ScenarioReader(LIBRARY).parse(new SourceFile("folder/test.yaml", text), Path.of(""));
    }

    private static List<Diagnostic> problems(String text) {
        ScenarioException e = catchThrowableOfType(ScenarioException.class, () -> parse(text));
        assertThat(e).as("the scenario should have been refused").isNotNull();
        return e.diagnostics();
    }

    /** One problem as a line: code, place, message, and the label when there is one. */
    private static String written(Diagnostic d) {
        String place = d.span() == null ? "-" : d.span().line() + ":" + d.span().column();
        return d.code() + " " + place + " " + d.message() + (d.label().isEmpty() ? "" : " | " + d.label());
    }

    @Test
    void scenario_allParts_areRead() {
        Scenario scenario = parse(GOOD);
        assertThat(scenario.name()).isEqualTo("chat and training");
        assertThat(scenario.seed()).isEqualTo(42);
        assertThat(scenario.durationNs()).isEqualTo(10_000 * MS);
        assertThat(scenario.tickNs()).isEqualTo(MS);
        assertThat(scenario.device().memoryBytes()).isEqualTo(80L << 30);
        assertThat(scenario.device().vslices()).containsExactly(new VsliceSpec("all", 132, 32));
        assertThat(scenario.tenants())
                .containsExactly(
                        new ScenarioTenant(new Tenant(0, "chat", 8, 10), 12 * MS),
                        new ScenarioTenant(new Tenant(1, "training", 1, 0), 0));
        assertThat(scenario.policies())
                .isEqualTo(new Policies.Sequence(
                        new PolicyRef("fifo"),
                        List.of(
                                new Swap.To(
                                        4_000 * MS, new PolicyRef("weighted_fair"), new SwapMode.Immediate(), false),
                                new Swap.To(7_500 * MS, new PolicyRef("bypass"), new SwapMode.Immediate(), false))));
        assertThat(scenario.source().name()).isEqualTo("test.yaml");

        var chat = ((WorkloadSpec.Synthetic) scenario.workloads().get(0)).parameters();
        assertThat(chat.arrivals()).isEqualTo(new ArrivalProcess.Poisson(800));
        assertThat(chat.service()).isEqualTo(new ServiceTime.Fixed(250_000));
        assertThat(chat.shape().minWidth()).isEqualTo(16);
        assertThat(chat.shape().copyInBytes()).isEqualTo(65_536);
        assertThat(chat.shape().deadlineAfterNs()).isEqualTo(20 * MS);
        assertThat(chat.seed()).isEqualTo(42);
        assertThat(chat.endNs()).isEqualTo(10_000 * MS);
        var training = ((WorkloadSpec.Synthetic) scenario.workloads().get(1)).parameters();
        assertThat(training.arrivals()).isEqualTo(new ArrivalProcess.ClosedLoop(4, 0));
        assertThat(training.service()).isEqualTo(new ServiceTime.BoundedPareto(MS, 50 * MS, 1.5));
        assertThat(training.shape().memoryIntensity()).isEqualTo(750);
        assertThat(training.shape().minWidth()).isEqualTo(132);
    }

    @Test
    void llm_conversation_addsItsBatchClassToTheDevice() {
        Scenario scenario = parse("""
                name: serving
                duration: 1m
                tenants: [{name: chat}, {name: "long documents"}]
                workload:
                  - llm:
                      trace: conversation
                      model: {preset: dense-13b, weights: 20GB, bandwidth_efficiency: 0.7}
                      tenants: [{tenant: chat, share: 3, ttft_slo: 500ms, tpot_slo: 50ms}]
                      long_context: {tokens: 2000, tenant: long documents}
                      speedup: 2
                      max_batch: 64
                compare: [fifo, weighted_fair]
                """);
        var llm = (WorkloadSpec.Llm) scenario.workloads().get(0);
        assertThat(llm.parameters().decodeBatchClass()).isEqualTo(1);
        assertThat(llm.parameters().model().weightBytes()).isEqualTo(20_000_000_000L);
        assertThat(llm.parameters().model().flopsPerToken())
                .isEqualTo(LlmCostModel.h200Dense13b().flopsPerToken());
        assertThat(llm.parameters().assignment().shares().get(0).ttftSloNs()).isEqualTo(500 * MS);
        assertThat(scenario.device().batchClasses()).singleElement().satisfies(c -> {
            assertThat(c.maxSize()).isEqualTo(64);
            assertThat(c.baseNs()).isEqualTo(llm.parameters().model().decodeBaseNs());
        });
        assertThat(llm.trace())
                .isInstanceOfSatisfying(
                        LlmTrace.Generated.class,
                        trace -> assertThat(trace.parameters().durationNs()).isEqualTo(120_000 * MS));
        assertThat(scenario.withSeed(9).workloads().get(0))
                .isInstanceOfSatisfying(
                        WorkloadSpec.Llm.class,
                        reseeded -> assertThat(reseeded.parameters().seed()).isEqualTo(9));
    }

    @Test
    void quantities_everyUnit_isExact() throws Quantity.FormatException {
        assertThat(Quantity.DURATION.parse("250us")).isEqualTo(250_000);
        assertThat(Quantity.DURATION.parse("250µs")).isEqualTo(250_000);
        assertThat(Quantity.DURATION.parse("1.5 ms")).isEqualTo(1_500_000);
        assertThat(Quantity.DURATION.parse("2m")).isEqualTo(120_000_000_000L);
        assertThat(Quantity.DURATION.parse("0")).isZero();
        assertThat(Quantity.SIZE.parse("64MiB")).isEqualTo(64L << 20);
        assertThat(Quantity.SIZE.parse("1.5GiB")).isEqualTo(3L << 29);
        assertThat(Quantity.SIZE.parse("2GB")).isEqualTo(2_000_000_000L);
        assertThat(Quantity.RATE.parse("800/s")).isEqualTo(800_000);
        assertThat(Quantity.RATE.parse("1.5/ms")).isEqualTo(1_500_000);
        assertThat(Quantity.BANDWIDTH.parse("55GB/s")).isEqualTo(55_000_000_000L);
        assertThat(Quantity.INTEGER.parse("1_000_000")).isEqualTo(1_000_000);
        assertThat(Quantity.NUMBER.parse("0.1")).isEqualTo(100_000);
    }

    /** A good scenario with one thing changed, and the one problem that must be found. */
    static Stream<Arguments> changes() {
        return Stream.of(
                // Fields.
                change(
                        "weight: 8",
                        "wieght: 8",
                        "E0803 8:18 a tenant has no field \"wieght\" | did you mean \"weight\"?"),
                change("seed: 42", "sede: 42", "E0803 2:1 the scenario has no field \"sede\" | did you mean \"seed\"?"),
                change(
                        "arrivals: 800/s",
                        "arrivals: 800/s\n    colour: red",
                        "E0803 13:5 a workload has no field \"colour\""),
                change(
                        "memory: 80GiB",
                        "memmory: 80GiB",
                        "E0803 5:3 the device has no field \"memmory\" | did you mean \"memory\"?"),
                change(
                        "{at: 4s, to: weighted_fair}",
                        "{at: 4s, too: weighted_fair, to: fifo}",
                        "E0803 24:14 a swap has no field \"too\" | did you mean \"to\"?"),
                change("alpha: 1.5", "alfa: 1.5", "E0803 19:49 \"heavy_tail\" has no field \"alfa\""),
                change(
                        "closed_loop",
                        "closedloop",
                        "E0803 18:16 \"arrivals\" has no kind \"closedloop\" | did you mean \"closed_loop\"?"),
                change("seed: 42", "seed: 42\nseed: 43", "E0808 3:1 field \"seed\" is there twice in the scenario"),
                // What must be there.
                change("name: chat and training\n", "", "E0804 1:1 the scenario needs the field \"name\""),
                change("duration: 10s\n", "", "E0804 1:1 the scenario needs the field \"duration\""),
                change("policy: fifo\n", "", "E0804 1:1 the scenario needs the field \"policy\""),
                change("    service: 250us\n", "", "E0804 11:5 a workload needs the field \"service\""),
                change("name: training", "weight: 3", "E0804 9:5 a tenant needs the field \"name\"", "E0809"),
                change(
                        "{at: 4s, to: weighted_fair}",
                        "{to: weighted_fair}",
                        "E0804 24:5 a swap needs the field \"at\""),
                // Kinds of values.
                change("seed: 42", "seed: [1, 2]", "E0805 2:7 \"seed\" must be a whole number, not a list"),
                change(
                        "name: chat and training",
                        "name: {a: b}",
                        "E0805 1:7 \"name\" must be a text, not a group of fields"),
                change(
                        "duration: 10s",
                        "duration:",
                        "E0805 3:10 \"duration\" must be a duration such as 250us, 2ms or 10s, not nothing"),
                change("swaps:\n", "swaps: soon\nx:\n", "E0805 23:8 \"swaps\" must be a list, not \"soon\"", "E0803"),
                change(
                        "- name: training",
                        "- training",
                        "E0805 9:5 a tenant must be a group of fields, not \"training\"",
                        "E0809"),
                change(
                        "arrivals: 800/s",
                        "arrivals: [800/s]",
                        "E0805 12:15 \"arrivals\" must say which kind, not a list"),
                // Units and numbers.
                change(
                        "duration: 10s",
                        "duration: 10",
                        "E0806 3:11 \"duration\" cannot be \"10\": a unit is missing; one of ns, us, µs, ms, s, m, h"),
                change(
                        "duration: 10s",
                        "duration: 10sec",
                        "E0806 3:11 \"duration\" cannot be \"10sec\": unknown unit \"sec\"; known are ns, us, µs, ms, s, m, h"),
                change(
                        "duration: 10s",
                        "duration: ten",
                        "E0806 3:11 \"duration\" cannot be \"ten\": expected a duration such as 250us, 2ms or 10s"),
                change(
                        "copy_in: 64KiB",
                        "copy_in: 64Mb",
                        "E0806 15:14 \"copy_in\" cannot be \"64Mb\": unknown unit \"Mb\"; known are B, KiB, MiB, GiB, TiB, kB, KB, MB, GB, TB"),
                change(
                        "arrivals: 800/s",
                        "arrivals: 800",
                        "E0806 12:15 \"arrivals\" cannot be \"800\": a unit is missing; one of /s, /ms, /us"),
                change("seed: 42", "seed: 4.2", "E0806 2:7 \"seed\" cannot be \"4.2\": expected a whole number"),
                change(
                        "seed: 42",
                        "seed: 1e99",
                        "E0806 2:7 \"seed\" cannot be \"1e99\": expected a whole number without a unit"),
                change(
                        "seed: 42",
                        "seed: 99999999999999999999999",
                        "E0806 2:7 \"seed\" cannot be \"99999999999999999999999\": too great"),
                change(
                        "service: 250us",
                        "service: 0.0001ns",
                        "E0806 13:14 \"service\" cannot be \"0.0001ns\": finer than the least step of a duration such as 250us, 2ms or 10s"),
                change(
                        "memory_intensity: 0.75",
                        "memory_intensity: .inf",
                        "E0806 20:23 \"memory_intensity\" cannot be \".inf\": expected a number"),
                change(
                        "estimate: mean",
                        "estimate: meen",
                        "E0806 21:15 \"estimate\" cannot be \"meen\" | did you mean \"mean\"?"),
                // Ranges.
                change("seed: 42", "seed: -1", "E0807 2:7 \"seed\" is -1, which is not in 0 to 9223372036854775807"),
                change("weight: 8", "weight: 0", "E0807 8:26 \"weight\" is 0, which is not in 1 to 1000000"),
                change("priority: 10", "priority: 5000", "E0807 8:39 \"priority\" is 5000, which is not in 0 to 1000"),
                change("duration: 10s", "duration: 25h", "E0807 3:11 \"duration\" is 25h, which is not in 1ms to 24h"),
                change(
                        "service: 250us",
                        "service: -250us",
                        "E0807 13:14 \"service\" is -250us, which is not in 1ns to 1000000s"),
                change(
                        "arrivals: 800/s",
                        "arrivals: 0/s",
                        "E0807 12:15 \"arrivals\" is 0/s, which is not in 0.001/s to 1000000000/s"),
                change("max: 50ms", "max: 1us", "E0807 19:43 \"max\" is 1us, which is not in 1000001ns to 1000000s"),
                change(
                        "memory_intensity: 0.75",
                        "memory_intensity: 1.5",
                        "E0807 20:23 \"memory_intensity\" is 1.5, which is not in 0 to 1"),
                change(
                        "inflight: 32",
                        "vslices: [{sms: 100}, {sms: 33}]",
                        "E0807 5:3 device h200: its vslices have 133 SMs together, and sms=132"),
                change("inflight: 32", "vslices: []", "E0807 6:12 \"vslices\" has 0 entries, which is not in 1 to 16"),
                change(
                        "arrivals: 800/s",
                        "arrivals: 900000000/s",
                        "E0807 1:1 the workload would make about 18000000000 jobs, and may make 50000000"),
                // Names.
                change("name: training", "name: chat", "E0808 9:11 there are two tenants \"chat\"", "E0809"),
                change(
                        "- tenant: chat",
                        "- tenant: chatt",
                        "E0809 11:13 there is no tenant \"chatt\" | did you mean \"chat\"?"),
                change(
                        "policy: fifo",
                        "policy: weigthed_fair",
                        "E0809 22:9 there is no policy \"weigthed_fair\" | did you mean \"weighted_fair\"?"),
                change(
                        "policy: fifo",
                        "policy: mine/best.gbpf",
                        "E0809 22:9 the policy \"mine/best.gbpf\" is not there"),
                change(
                        "policy: fifo",
                        "policy: best.exe",
                        "E0806 22:9 \"policy\" names a file that is neither a source (.gbpf, .gasm) nor a compiled object (.gbo, .o)"),
                change(
                        "chat and training",
                        "\"chat\\nand\"",
                        "E0806 1:7 \"name\" must be in one line, without control characters"),
                // Contradictions.
                change("at: 7.5s", "at: 3s", "E0810 25:10 this swap is not after the one before it"),
                change("at: 7.5s", "at: 10s", "E0810 25:10 this swap is not before the end of the run"),
                change("{at: 4s,", "{at: 4s, share: 0.5,", "E0810 24:21 an immediate swap has no \"share\""),
                change(
                        "{at: 4s,",
                        "{at: 4s, mode: canary, share: 1,",
                        "E0807 24:35 a canary's share is between 0.001 and 0.999: the rest is what it is compared with"),
                change(
                        "{at: 4s,",
                        "{at: 4s, mode: canary, guards: {wait_p9: 1ms},",
                        "E0803 24:37 a group of guards has no field \"wait_p9\" | did you mean \"wait_p99\"?"),
                change("at: 4s", "at: 0s", "E0810 24:10 a swap at the very start"),
                change(
                        "policy: fifo",
                        "policy: fifo\ncompare: [fifo, bypass]",
                        "E0810 22:9 the scenario has both \"compare\" and \"policy\"",
                        "E0810"),
                change(
                        "inflight: 32",
                        "inflight: 32\n  vslices: [{sms: 8}]",
                        "E0810 6:13 the device has both \"inflight\" and \"vslices\""),
                change(
                        "width: 16",
                        "memory: 100GiB",
                        "E0810 14:13 a kernel takes more memory than the device has, bytes=107374182400 of 85899345920"),
                change(
                        "{closed_loop: {clients: 4}}",
                        "{closed_loop: {clients: 4}, poisson: 3/s}",
                        "E0810 18:43 \"arrivals\" has more than one kind"));
    }

    private static Arguments change(String from, String to, String expected, String... furtherCodes) {
        return Arguments.of(from, to, expected, List.of(furtherCodes));
    }

    @ParameterizedTest(name = "{index}: {2}")
    @MethodSource("changes")
    void scenario_oneMistake_isFoundWhereItIs(String from, String to, String expected, List<String> furtherCodes) {
        assertThat(GOOD).containsOnlyOnce(from);
        List<Diagnostic> problems = problems(GOOD.replace(from, to));
        assertThat(problems).extracting(ScenarioReaderTest::written).contains(expected);
        assertThat(problems).extracting(Diagnostic::file).containsOnly("folder/test.yaml");
        List<String> others = problems.stream()
                .filter(p -> !written(p).equals(expected))
                .map(Diagnostic::code)
                .toList();
        assertThat(others).isEqualTo(furtherCodes);
    }

    /** Texts that are no scenario at all. */
    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of("", "E0802 1:1 the scenario is empty"),
                Arguments.of("# nothing\n", "E0802 1:1 the scenario is empty"),
                Arguments.of("just words", "E0805 1:1 the scenario must be a group of fields, not \"just words\""),
                Arguments.of("- a\n- b\n", "E0805 1:1 the scenario must be a group of fields, not a list"),
                Arguments.of("name: [1, 2", "E0802 1:12 this is not YAML: expected ',' or ']', but got <stream end>"),
                Arguments.of(
                        "name: a\n\tseed: 1\n",
                        "E0802 2:1 this is not YAML: found character '\\t(TAB)' that cannot start any token. (Do not use \\t(TAB) for indentation)"),
                Arguments.of("name: a\nb: 'open", "E0802 2:9 this is not YAML: found unexpected end of stream"),
                Arguments.of("name: &x a\nseed: *x\n", "E0802 2:7 references (*name) are not supported"),
                Arguments.of("name: !!str a\n", "E0802 1:7 tags (!name) are not supported"),
                Arguments.of("name: a\n---\nname: b\n", "E0802 3:1 there is a second document"),
                Arguments.of("{a: ".repeat(40), "E0802 1:69 fields are nested more than 16 deep"),
                Arguments.of(
                        "\uD83D\uDE00: [\n",
                        "E0802 2:1 this is not YAML: expected the node content, but found '<stream end>'"));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void text_thatIsNoScenario_isRefusedWithItsPlace(String text, String expected) {
        assertThat(problems(text))
                .extracting(ScenarioReaderTest::written)
                .first()
                .isEqualTo(expected);
    }

    @Test
    void llm_modelLargerThanTheDevice_isRefused() {
        String text = """
                name: serving
                duration: 1m
                device: {memory: 40GiB}
                tenants: [{name: chat}]
                workload: [{llm: {trace: sample, model: dense-70b-fp8, tenants: [chat]}}]
                policy: fifo
                """;
        assertThat(problems(text))
                .extracting(ScenarioReaderTest::written)
                .containsExactly("E0810 5:41 the weights of the models need more memory than the device has, "
                        + "bytes=70600000000 of 42949672960");
        assertThat(parse(text.replace("40GiB", "80GiB")).workloads()).hasSize(1);
    }

    @Test
    void aliasBomb_isRefusedBeforeItGrows() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 30; i++) {
            bomb.append("a").append(i).append(": &a").append(i).append(" [");
            bomb.append(("*a" + (i - 1) + ", ").repeat(8))
                    .append("*a")
                    .append(i - 1)
                    .append("]\n");
        }
        assertThat(problems(bomb.toString())).extracting(Diagnostic::code).containsExactly("E0802");
    }

    @Test
    void manyMistakes_areToldTogether_inTheOrderOfTheText() {
        List<Diagnostic> problems = problems(GOOD.replace("seed: 42", "seed: x")
                .replace("weight: 8", "weight: -3")
                .replace("service: 250us", "service: 250")
                .replace("to: bypass", "to: nothing"));
        assertThat(problems).extracting(Diagnostic::code).containsExactly("E0806", "E0807", "E0806", "E0809");
        assertThat(problems)
                .extracting(d -> d.span() == null ? 0 : d.span().line())
                .isSorted();
    }

    @Test
    void file_missingTooLongOrNoText_isRefused(@TempDir Path folder) throws Exception {
        ScenarioReader reader = new ScenarioReader(LIBRARY);
        assertThatExceptionOfType(ScenarioException.class)
                .isThrownBy(() -> reader.read(folder.resolve("none.yaml")))
                .withMessageContaining("E0801: the scenario cannot be read: NoSuchFileException");
        assertThatExceptionOfType(ScenarioException.class)
                .isThrownBy(() -> reader.read(folder))
                .withMessageContaining("E0801");
        Path big = Files.writeString(folder.resolve("big.yaml"), "#".repeat(ScenarioReader.MAX_BYTES + 1));
        assertThatExceptionOfType(ScenarioException.class)
                .isThrownBy(() -> reader.read(big))
                .withMessageContaining("E0801: the scenario is longer than 1048576 bytes");
        Path binary = Files.write(folder.resolve("binary.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
        assertThatExceptionOfType(ScenarioException.class)
                .isThrownBy(() -> reader.read(binary))
                .withMessageContaining("E0801: the scenario is not a text in UTF-8");
    }

    @Test
    void policyFile_besideTheScenario_isFound(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("mine.gbpf"), "");
        Path file = Files.writeString(folder.resolve("s.yaml"), GOOD.replace("policy: fifo", "policy: mine.gbpf"));
        Scenario scenario = new ScenarioReader(LIBRARY).read(file);
        assertThat(((Policies.Sequence) scenario.policies()).first().isPath()).isTrue();
        assertThat(scenario.folder()).isEqualTo(folder);
    }

    @Test
    void documentation_itsExamples_areScenarios() throws Exception {
        Path root = Path.of(System.getProperty("gbpf.root", ".."));
        String page = Files.readString(root.resolve("docs/scenario.md"));
        String[] blocks = page.split("```yaml\n", -1);
        assertThat(blocks).hasSize(3);
        String whole = blocks[1].substring(0, blocks[1].indexOf("```"));
        assertThat(parse(whole).tenants()).hasSize(2);
        String llm = blocks[2].substring(0, blocks[2].indexOf("```"));
        Scenario serving = parse("name: x\nduration: 1m\npolicy: fifo\ntenants: [{name: chat}, {name: batch}]\n" + llm);
        assertThat(serving.workloads()).singleElement().isInstanceOf(WorkloadSpec.Llm.class);
    }

    @Property(tries = 500)
    void bytes_anyNoise_giveAScenarioOrItsProblems(@ForAll @Size(max = 200) byte[] noise) {
        readOrRefuse(noise);
    }

    @Property(tries = 700)
    void scenario_cutOrOverwrittenAnywhere_givesAScenarioOrItsProblems(
            @ForAll @IntRange(max = 800) int at,
            @ForAll @IntRange(max = 40) int cut,
            @ForAll @Size(max = 6) List<@IntRange(min = 9, max = 126) Integer> inserted) {
        String text = GOOD;
        int from = Math.min(at, text.length());
        StringBuilder mutated = new StringBuilder(text.substring(0, from));
        inserted.forEach(c -> mutated.append((char) c.intValue()));
        mutated.append(text.substring(Math.min(text.length(), from + cut)));
        readOrRefuse(mutated.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void readOrRefuse(byte[] bytes) {
        try {
            Scenario scenario = new ScenarioReader(LIBRARY).parse("noise", bytes, Path.of(""));
            assertThat(scenario.tenants()).isNotEmpty();
        } catch (ScenarioException e) {
            assertThat(e.diagnostics())
                    .isNotEmpty()
                    .allSatisfy(d -> assertThat(d.code()).startsWith("E08"));
            String text = e.source() == null ? "" : e.source().text();
            assertThat(e.diagnostics()).allSatisfy(d -> {
                if (d.span() != null) {
                    assertThat(d.span().line()).isLessThanOrEqualTo(text.split("\n", -1).length);
                    String line = text.split("\n", -1)[d.span().line() - 1];
                    assertThat(d.span().column()).isLessThanOrEqualTo(line.length() + 1);
                }
            });
        }
    }

    @Test
    void constants_ofTheReader_agreeWithTheDevice() {
        assertThat(parse(GOOD.replace("  memory: 80GiB\n", "").replace("  inflight: 32\n", "  sms: 132\n"))
                        .device())
                .isEqualTo(DeviceModel.h200());
        assertThat(Arrays.asList("fifo", "weighted_fair")).isSubsetOf(LIBRARY);
    }
}
