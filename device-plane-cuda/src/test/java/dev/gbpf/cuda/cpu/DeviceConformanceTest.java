package dev.gbpf.cuda.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.cuda.build.NativeBuild;
import dev.gbpf.host.helper.HelperCalls;
import dev.gbpf.host.testkit.ScriptedServices;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.encoding.InstructionDecoder;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The public bpf_conformance suite, through the device's interpreter on the CPU. */
class DeviceConformanceTest {
    /** Calls through a register are optional in RFC 9669, and gBPF has none. */
    private static final Set<String> EXCLUDED = Set.of("callx.data");

    private static final int JUMPS = 1_000_000;

    /** The suite's one helper. */
    private static final HelperCalls HELPERS = (helper, r1, _, _, _, _, _) -> {
        assertThat(helper).isEqualTo(5);
        return r1;
    };

    @TestFactory
    Stream<DynamicTest> conformanceProgram_onTheDevice_givesTheExpectedResult() throws IOException {
        NativeBuild build = NativeBuild.current();
        Assumptions.assumeTrue(
                build.cpu().built(), () -> "skipped: " + build.cpu().detail());
        Path suite = Path.of(System.getProperty("gbpf.root", ".."), "..", "shared", "conformance", "conformance.jsonl");
        Assumptions.assumeTrue(Files.isReadable(suite), "skipped: no conformance suite at " + suite.normalize());
        JsonMapper json = JsonMapper.shared();
        return Files.readAllLines(suite).stream()
                .map(json::readTree)
                .filter(test -> !EXCLUDED.contains(test.get("name").asString()))
                .map(test -> DynamicTest.dynamicTest(test.get("name").asString(), () -> run(test)));
    }

    private static void run(JsonNode test) {
        byte[] bytes = HexFormat.of().parseHex(test.get("mem").asString());
        Program program = InstructionDecoder.decode(
                HexFormat.of().parseHex(test.get("program_hex").asString()));
        long expected =
                Long.parseUnsignedLong(test.get("expected_r0").asString().substring(2), 16);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(Math.max(bytes.length, 8), 8);
            MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
            CpuProgram ready = new CpuProgram(program, List.of(), HELPERS, JUMPS, arena);
            long r1 = bytes.length == 0 ? 0 : memory.address();
            assertThat(ready.run(r1, bytes.length, ScriptedServices.NONE)).isEqualTo(expected);
        }
    }
}
