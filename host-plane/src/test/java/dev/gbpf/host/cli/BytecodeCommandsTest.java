package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BytecodeCommandsTest {
    private static final String RETURN_42 = "b70000002a0000009500000000000000";
    /** r0 = the u64 at *lookup(map 0, key 0), or 0. */
    private static final String LOOKUP = "620afcff00000000bfa200000000000007020000fcffffff1811000000000000"
            + "00000000000000008500000001000000150001000000000079000000000000009500000000000000";
    /** r0 = *(u32 *)(&value 1 + 4). */
    private static final String VALUE = "18210000010000000000000004000000" + "61100000000000009500000000000000";
    /** *(u32 *)(&value 1 + 4) = 5, and as above. */
    private static final String VALUE_WRITTEN =
            "18210000010000000000000004000000" + "6201000005000000" + "61100000000000009500000000000000";

    private static final String ARRAY = "{\"kind\":\"array\",\"key_size\":4,\"value_size\":8,\"max_entries\":2,";
    private static final String PERCPU =
            "{\"kind\":\"percpu_array\",\"key_size\":4,\"value_size\":8,\"max_entries\":2,";
    private static final String HASH = "{\"kind\":\"hash\",\"key_size\":4,\"value_size\":8,\"max_entries\":2,";

    @Test
    void run_programs_areAnsweredInOrder() {
        assertThat(answers("run", line("1", RETURN_42, ""), line("\"two\"", "9500000000000000", "")))
                .satisfiesExactly(
                        first -> {
                            assertThat(first.get("id").asInt()).isEqualTo(1);
                            assertThat(first.get("r0").asString()).isEqualTo("0x2a");
                            assertThat(first.get("us").isNumber()).isTrue();
                        },
                        second -> {
                            assertThat(second.get("id").asString()).isEqualTo("two");
                            assertThat(second.get("error").asString()).isEqualTo("V0020");
                            assertThat(second.get("message").asString()).startsWith("pc=0: ");
                        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                LOOKUP + "|\"maps\":[" + ARRAY + "\"init\":\"2a00000000000000\"}]|0x2a",
                LOOKUP + "|\"maps\":[" + ARRAY + "\"init\":null}]|0x0",
                LOOKUP + "|\"maps\":[" + PERCPU + "\"init\":\"2b00000000000000\"}]|0x2b",
                LOOKUP + "|\"maps\":[" + HASH + "\"init\":\"0700000000000000\"}]|0x7",
                LOOKUP + "|\"maps\":[" + HASH + "\"other\":{\"x\":[1]}}]|0x0",
                VALUE + "|\"maps\":[" + HASH + "\"x\":1}],\"data\":[{\"hex\":\"0000000011223344\"}]|0x44332211",
                VALUE_WRITTEN + "|\"maps\":[" + HASH + "\"x\":1}],\"data\":[{\"hex\":\"0000000011223344\"}]|0x5",
                // r0 = r2; r0 = *(u8 *)(r1 + 2); *(u8 *)(r1 + 1) = 7 and r0 = it; r0 = r1
                "bf200000000000009500000000000000|\"mem\":\"aabbcc\"|0x3",
                "71100200000000009500000000000000|\"mem\":\"aabbcc\"|0xcc",
                "720101000700000071100100000000009500000000000000|\"mem\":\"aabbcc\"|0x7",
                "bf100000000000009500000000000000|\"mem\":\"\"|0x0"
            })
    void run_mapsDataAndMemory_areThere(String program, String around, String expected) {
        String line = line("0", program, "," + around);
        assertThat(answers("run", line).getFirst().path("r0").asString("")).isEqualTo(expected);
        assertThat(answers("run --no-verify", line).getFirst().path("r0").asString(""))
                .isEqualTo(expected);
    }

    @Test
    void run_mapsAndMemory_beginAnewForEachLine() {
        // r1 = &value 0; r0 = *r1; r0 += 1; *r1 = r0
        String count = "18210000000000000000000000000000" + "6110000000000000" + "0700000001000000" + "6301000000000000"
                + "9500000000000000";
        String data = ",\"data\":[{\"hex\":\"00000000\"}]";
        assertThat(answers("run", line("1", count, data), line("2", count, data)))
                .allSatisfy(a -> assertThat(a.get("r0").asString()).isEqualTo("0x1"));
    }

    @Test
    void verify_readOnlyData_mayNotBeWritten() {
        String around = ",\"maps\":[" + ARRAY + "\"x\":1}],\"data\":[{\"hex\":\"0000000011223344\",\"readonly\":true}]";
        assertThat(answers("verify", line("0", VALUE, around))
                        .getFirst()
                        .get("verdict")
                        .asString())
                .isEqualTo("accept");
        JsonNode refused = answers("verify", line("0", VALUE_WRITTEN, around)).getFirst();
        assertThat(refused.get("code").asString()).isEqualTo("V0042");
        assertThat(refused.get("insn").asInt()).isEqualTo(2);
        assertThat(answers("run --no-verify", line("0", VALUE_WRITTEN, around))
                        .getFirst()
                        .path("error")
                        .asString(""))
                .isEqualTo("B0201");
    }

    @Test
    void verify_loopOfABillionRounds_isAcceptedWithItsCost() {
        // r0 = 0; do r0 += 1 while (r0 < 1,000,000,000)
        JsonNode answer = answers(
                        "verify",
                        line(
                                "0",
                                "b700000000000000" + "0700000001000000" + "a500feff00ca9a3b" + "9500000000000000",
                                ""))
                .getFirst();
        assertThat(answer.get("verdict").asString()).isEqualTo("accept");
        assertThat(answer.get("cost").asLong()).isEqualTo(2_000_000_002L);
        assertThat(answer.get("code").isNull()).isTrue();
    }

    @Test
    void verify_conformanceHelper_givesAnyNumber() {
        // r1 = -1; call 5; if r0 s< 0: *(u8 *)(r10 + 0) = 0
        String program = "b7010000ffffffff" + "8500000005000000" + "7500010000000000" + "720a000000000000"
                + "b700000000000000" + "9500000000000000";
        assertThat(answers("verify", line("0", program, ""))
                        .getFirst()
                        .get("verdict")
                        .asString())
                .isEqualTo("accept");
        assertThat(answers("verify --conformance-helpers", line("0", program, ""))
                        .getFirst()
                        .get("code")
                        .asString())
                .isEqualTo("V0031");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|B0002",
                "{|B0002",
                "[]|B0002",
                "nonsense|B0002",
                "{\"program_hex\":\"\"} {}|B0002",
                "{\"id\":3}|B0003",
                "{\"id\":3,\"program_hex\":null}|B0003",
                "{\"id\":3,\"program_hex\":\"9\"}|B0004",
                "{\"id\":3,\"program_hex\":\"zz\"}|B0004",
                "{\"id\":3,\"program_hex\":7}|B0004",
                "{\"id\":3,\"program_hex\":\"\",\"maps\":7}|B0004",
                "{\"id\":3,\"program_hex\":\"\",\"maps\":[7]}|B0004",
                "{\"id\":3,\"program_hex\":\"\",\"maps\":[{}]}|B0003",
                "{\"id\":3,\"program_hex\":\"\",\"maps\":[{\"kind\":\"tree\"}]}|B0004",
                "{\"id\":3,\"program_hex\":\"\",\"maps\":[{\"kind\":\"hash\",\"key_size\":99999999999}]}|B0004",
                "{\"id\":3,\"program_hex\":\"\",\"data\":[{\"hex\":\"\"}]}|B0004",
                "{\"id\":3,\"program_hex\":\"\",\"data\":[{\"hex\":\"00\",\"readonly\":1}]}|B0004",
                "{\"id\":3,\"program_hex\":\"\",\"maps\":["
                        + "{\"kind\":\"array\",\"key_size\":4,\"value_size\":65536,\"max_entries\":16777216}]}|B0005"
            })
    void malformedLine_isAnsweredAndTheNextOneToo(String line, String code) {
        for (String command : List.of("run", "verify", "run --no-verify")) {
            List<JsonNode> answers = answers(command, line, line("9", RETURN_42, ""));
            assertThat(answers).hasSize(2);
            assertThat(answers.get(0).path("error").asString("")).isEqualTo(code);
            assertThat(answers.get(0).path("line").asInt()).isEqualTo(1);
            assertThat(answers.get(0).path("id").isNull()).isEqualTo(!line.contains("\"id\""));
            assertThat(answers.get(1).path("id").asInt()).isEqualTo(9);
            assertThat(answers.get(1).has("error")).isFalse();
        }
    }

    @Property(tries = 100)
    void anyBytes_giveOneAnswerALine(@ForAll @Size(max = 20) List<byte[]> lines) {
        StringBuilder input = new StringBuilder();
        lines.forEach(l -> input.append(new String(l, StandardCharsets.ISO_8859_1).replace('\n', ' '))
                .append('\n'));
        Cli.Result result = new Cli(Path.of(""))
                .stdin(input.toString().getBytes(StandardCharsets.ISO_8859_1))
                .run("bytecode", "verify");
        assertThat(result.code()).isZero();
        assertThat(result.out().lines()).hasSize(lines.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--engine=device-cpu", "--engine=device-cpu --no-verify", "--engine=interpretr"})
    void run_engineThatIsNotThere_isRefusedUpFront(String options) {
        Cli.Result result = run("run " + options, line("1", RETURN_42, ""));
        assertThat(result.code()).isEqualTo(ExitCode.USAGE.number());
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("engine");
    }

    @Test
    void plugin_program_printsItsResult() {
        Cli.Result result = new Cli(Path.of(""))
                .stdin("71 10 02 00  00 00 00 00 95 00 00 00 00 00 00 00 \n".getBytes(StandardCharsets.UTF_8))
                .run("bytecode", "plugin", "aa  bb  cc ", "");
        assertThat(result).isEqualTo(new Cli.Result(0, "cc\n", ""));
    }

    @Test
    void plugin_helper5_givesItsArgument() {
        Cli.Result result = new Cli(Path.of(""))
                .stdin("b701000011000000 8500000005000000 9500000000000000".getBytes(StandardCharsets.UTF_8))
                .run("bytecode", "plugin", "--engine", "interpreter");
        assertThat(result).isEqualTo(new Cli.Result(0, "11\n", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "xx\n", "95\n", "9500000000000000\n", "b7\n"})
    void plugin_whatCannotRun_exitsWith1AndTheReason(String input) {
        Cli.Result result = new Cli(Path.of(""))
                .stdin(input.getBytes(StandardCharsets.UTF_8))
                .run("bytecode", "plugin");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).isNotBlank();
    }

    private static String line(String id, String program, String more) {
        return "{\"id\":" + id + ",\"program_hex\":\"" + program + "\"" + more + "}";
    }

    private static Cli.Result run(String command, String... lines) {
        String input = String.join("\n", lines) + "\n";
        return new Cli(Path.of(""))
                .stdin(input.getBytes(StandardCharsets.UTF_8))
                .run(("bytecode " + command).split(" "));
    }

    private static List<JsonNode> answers(String command, String... lines) {
        Cli.Result result = run(command, lines);
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        return result.out().lines().map(JsonMapper.shared()::readTree).toList();
    }
}
