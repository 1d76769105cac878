package dev.gbpf.host.vm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.helper.HelperCalls;
import dev.gbpf.host.jit.JitFixtures;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.encoding.InstructionDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestReporter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The public bpf_conformance suite, through all engines. */
class EngineConformanceTest {
    /** Calls through a register are optional in RFC 9669, and gBPF has none. */
    private static final Set<String> EXCLUDED = Set.of("callx.data");

    /** The suite's one helper. */
    private static final HelperCalls HELPERS = (helper, r1, _, _, _, _, _) -> {
        assertThat(helper).isEqualTo(5);
        return r1;
    };

    @TestFactory
    Stream<DynamicTest> conformanceProgram_allEngines_givesTheExpectedResult(TestReporter reporter) throws IOException {
        Path suite = Path.of(System.getProperty("gbpf.root", ".."), "..", "shared", "conformance", "conformance.jsonl");
        Assumptions.assumeTrue(Files.isReadable(suite), "skipped: no conformance suite at " + suite.normalize());
        JsonMapper json = JsonMapper.shared();
        List<JsonNode> all =
                Files.readAllLines(suite).stream().map(json::readTree).toList();
        List<JsonNode> run = all.stream()
                .filter(test -> !EXCLUDED.contains(test.get("name").asString()))
                .toList();
        reporter.publishEntry(
                "conformance",
                "programs=" + all.size() + " run=" + run.size() + " skipped=" + (all.size() - run.size()) + " "
                        + EXCLUDED);
        return run.stream().map(test -> DynamicTest.dynamicTest(test.get("name").asString(), () -> run(test)));
    }

    private static void run(JsonNode test) {
        byte[] memory = HexFormat.of().parseHex(test.get("mem").asString());
        Program program = InstructionDecoder.decode(
                HexFormat.of().parseHex(test.get("program_hex").asString()));
        long expected =
                Long.parseUnsignedLong(test.get("expected_r0").asString().substring(2), 16);
        assertThat(Engines.checked(program, HELPERS, memory)).as("checked").isEqualTo(expected);
        assertThat(Engines.fast(program, HELPERS, memory)).as("fast").isEqualTo(expected);
        for (int limit : new int[] {Short.MAX_VALUE, JitFixtures.TINY_METHODS}) {
            assertThat(Engines.compiled(program, HELPERS, memory, limit))
                    .as("compiled, limit=" + limit)
                    .isEqualTo(expected);
        }
    }
}
