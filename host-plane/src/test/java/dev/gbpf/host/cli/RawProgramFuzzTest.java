package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gbpf.host.bytecode.BytecodeProblem;
import dev.gbpf.host.bytecode.RawProgram;
import dev.gbpf.host.fuzz.Allocation;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Lines with raw programs, as {@code gbpf bytecode} reads them: each gets one answer, and none is the tool's own failure. */
class RawProgramFuzzTest {
    /** A line, be it empty, costs a parser and an answer. */
    private static final int PER_BYTE = 4000;

    private static final JsonMapper JSON = new JsonMapper();

    static {
        seeds().forEach(RawProgramFuzzTest::answers);
    }

    static Stream<byte[]> seeds() {
        return Stream.of("""
                {"id":1,"program_hex":"b70000002a0000009500000000000000"}
                {"id":"two","program_hex":"9500000000000000","mem":"00ff10","unknown":[{"x":[1.5e3,null]}]}
                """, """
                {"program_hex":"9500000000000000","maps":[{"kind":"hash","key_size":4,"value_size":2,"max_entries":16,\
                "init":"01aa"},{"kind":"BPF_MAP_TYPE_ARRAY","key_size":4,"value_size":8,"max_entries":1,"init":null}],\
                "data":[{"hex":"0102","readonly":true},{"hex":"03"}],"id":null}

                {"id":{"a":1}}
                [1,2]
                {"program_hex":"0","id":-1}
                """).map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @Timeout(20)
    @FuzzTest
    void lines_ofAnyBytes_getOneAnswerEach(byte[] bytes) {
        List<String> answers = Allocation.within(PER_BYTE, bytes.length, () -> answers(bytes));
        long ends = new String(bytes, StandardCharsets.ISO_8859_1)
                .chars()
                .filter(c -> c == '\n')
                .count();
        boolean endsOpen = bytes.length > 0 && bytes[bytes.length - 1] != '\n';
        assertThat(answers).hasSize((int) ends + (endsOpen ? 1 : 0));
        for (String line : answers) {
            JsonNode answer = JSON.readTree(line);
            assertThat(answer.path("error").asString("")).as(line).isNotEqualTo(BytecodeProblem.FAILED.code());
        }
    }

    private static List<String> answers(byte[] lines) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Session session = new Session(new Cli(Path.of("")).stdin(lines).console(out, OutputStream.nullOutputStream()));
        new BytecodeLines(session).answerAll(RawProgramFuzzTest::accept);
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static void accept(RawProgram program, ObjectNode answer) {
        answer.put(
                "bytes",
                program.code().length
                        + program.memory().length
                        + program.definitions().size());
    }
}
