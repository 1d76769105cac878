package dev.gbpf.host.scenario;

import static dev.gbpf.host.scenario.ScenarioTexts.GOOD;
import static dev.gbpf.host.scenario.ScenarioTexts.parse;
import static dev.gbpf.host.scenario.ScenarioTexts.problems;
import static dev.gbpf.host.scenario.ScenarioTexts.written;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.diagnostic.Diagnostic;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is no scenario is refused, with the place and every mistake. */
class ScenarioProblemsTest {
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
        assertThat(problems).extracting(ScenarioTexts::written).contains(expected);
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
        assertThat(problems(text)).extracting(ScenarioTexts::written).first().isEqualTo(expected);
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
                .extracting(ScenarioTexts::written)
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
}
