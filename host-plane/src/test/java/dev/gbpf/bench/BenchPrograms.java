package dev.gbpf.bench;

import dev.gbpf.isa.Program;
import dev.gbpf.isa.encoding.InstructionDecoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The programs of the engine benchmarks, one JSON object a line. */
final class BenchPrograms {
    /** Where they are, unless the system property {@code gbpf.jitbench} says otherwise. */
    private static final String DEFAULT = "../shared/data/jitbench.jsonl";

    /**
     * One program.
     *
     * @param name what it exercises
     * @param instructions how many it executes
     * @param memory bytes that r1 points to
     * @param program the program
     */
    record BenchProgram(String name, long instructions, int memory, Program program) {}

    private BenchPrograms() {}

    static List<BenchProgram> all() {
        Path file = Path.of(System.getProperty("gbpf.jitbench", DEFAULT));
        JsonMapper json = JsonMapper.shared();
        try {
            return Files.readAllLines(file).stream()
                    .map(json::readTree)
                    .map(BenchPrograms::of)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("no benchmark programs at " + file.toAbsolutePath(), e);
        }
    }

    private static BenchProgram of(JsonNode node) {
        return new BenchProgram(
                node.get("name").asString(),
                node.get("insns").asLong(),
                node.get("mem_len").asInt(),
                InstructionDecoder.decode(
                        HexFormat.of().parseHex(node.get("program_hex").asString())));
    }
}
