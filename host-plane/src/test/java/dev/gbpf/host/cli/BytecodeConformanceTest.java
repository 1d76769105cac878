package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.bytecode.ConformanceSuite;
import dev.gbpf.host.bytecode.RawEngine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestReporter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The public bpf_conformance suite through the commands, on every engine that this build has. */
class BytecodeConformanceTest {
    /** Calls through a register are optional in RFC 9669, and gBPF has none. */
    private static final String OPTIONAL = "callx.data";

    private static final JsonMapper JSON = JsonMapper.shared();

    @TestFactory
    Stream<DynamicTest> suite_everyEngine_givesTheExpectedResults(TestReporter reporter) throws IOException {
        List<JsonNode> suite = suite("conformance.jsonl");
        List<String[]> ways = new ArrayList<>();
        ways.add(new String[] {"bytecode", "run", "--conformance-helpers", "--no-verify"});
        Arrays.stream(RawEngine.values())
                .filter(RawEngine::isAvailable)
                .forEach(
                        e -> ways.add(new String[] {"bytecode", "run", "--conformance-helpers", "--engine", e.word()}));
        return ways.stream()
                .map(way -> DynamicTest.dynamicTest(String.join(" ", way), () -> {
                    List<JsonNode> answers = answers(suite, way);
                    int ran = 0;
                    for (int i = 0; i < suite.size(); i++) {
                        if (!suite.get(i).get("name").asString().equals(OPTIONAL)) {
                            assertThat(answers.get(i).path("r0").asString(""))
                                    .as(() -> answers.toString())
                                    .isEqualTo(suite.get(i).get("expected_r0").asString());
                            ran++;
                        }
                    }
                    reporter.publishEntry(
                            String.join(" ", way), ran + " programs as expected, " + OPTIONAL + " left out");
                    assertThat(ran).isEqualTo(suite.size() - 1);
                }));
    }

    /** What Linux refuses here it refuses by policy: immediate shift counts that the RFC masks. */
    @Test
    void verifier_acceptsTheWholeSuite(TestReporter reporter) throws IOException {
        List<JsonNode> suite = suite("conformance.jsonl");
        List<JsonNode> answers = answers(suite, "bytecode", "verify", "--conformance-helpers");
        List<String> rejected = answers.stream()
                .filter(a -> !a.path("verdict").asString("").equals("accept"))
                .map(a -> a.get("id").asString())
                .toList();
        reporter.publishEntry("accepted", suite.size() - rejected.size() + " of " + suite.size());
        assertThat(rejected).containsExactly(OPTIONAL);
    }

    @Test
    void verifier_rejectsEveryReservedField(TestReporter reporter) throws IOException {
        List<JsonNode> suite = suite("conformance_reserved_fields.jsonl");
        assertThat(answers(suite, "bytecode", "verify"))
                .hasSize(suite.size())
                .allSatisfy(answer ->
                        assertThat(answer.path("verdict").asString("")).isEqualTo("reject"));
        reporter.publishEntry("rejected", suite.size() + " of " + suite.size());
    }

    private static List<JsonNode> suite(String file) throws IOException {
        return ConformanceSuite.lines(file).stream().map(JSON::readTree).toList();
    }

    /** The answers to the programs, whose names become their ids. */
    private static List<JsonNode> answers(List<JsonNode> suite, String... arguments) {
        StringBuilder input = new StringBuilder();
        for (JsonNode program : suite) {
            JsonNode line = program.deepCopy();
            ((tools.jackson.databind.node.ObjectNode) line).set("id", program.get("name"));
            input.append(JSON.writeValueAsString(line)).append('\n');
        }
        Cli.Result result = new Cli(Path.of(""))
                .stdin(input.toString().getBytes(StandardCharsets.UTF_8))
                .run(arguments);
        assertThat(result.code()).isZero();
        return result.out().lines().map(JSON::readTree).toList();
    }
}
