package dev.gbpf.cuda.ptx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.encoding.InstructionDecoder;
import dev.gbpf.verifier.Verifier;
import dev.gbpf.verifier.testkit.RandomCode;
import dev.gbpf.verifier.testkit.TestHook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** NVIDIA's assembler takes what is made of the public conformance suite and of random verified programs, without a word. */
class PtxasTest {
    private static final int PROGRAMS = Integer.getInteger("gbpf.ptx.programs", Boolean.getBoolean("gbpf.long") ? 5_000 : 16);
    private static final long SEED = Long.getLong("gbpf.ptx.seed", 20_261_127L);

    private static void check(List<Program> programs, Map<Integer, PtxMap> maps, Path folder) {
        List<String> names =
                IntStream.range(0, programs.size()).mapToObj(i -> "program_" + i).toList();
        String ptx = PtxModule.of(programs, names, maps).text();
        Ptxas.CHIPS.forEach(chip -> Ptxas.check(ptx, chip, folder));
    }

    @Test
    void conformanceSuite_asPtx_isAssembled(@TempDir Path folder) throws IOException {
        Ptxas.assumeAvailable();
        Path suite = Path.of(System.getProperty("gbpf.root", ".."), "..", "shared", "conformance", "conformance.jsonl");
        Assumptions.assumeTrue(Files.isReadable(suite), "skipped: no conformance suite at " + suite.normalize());
        List<Program> programs = Files.readAllLines(suite).stream()
                .map(line -> JsonMapper.shared().readTree(line).get("program_hex").asString())
                .map(hex -> InstructionDecoder.decode(HexFormat.of().parseHex(hex)))
                .filter(program -> program.instructions().stream()
                        .noneMatch(i -> i instanceof Instruction.CallRegister))
                .toList();
        assertThat(programs).hasSizeGreaterThan(300);
        check(programs, Map.of(), folder);
    }

    @Test
    void randomPrograms_asPtx_areAssembled(@TempDir Path folder) {
        Ptxas.assumeAvailable();
        List<Program> programs = new ArrayList<>();
        for (long seed = SEED; programs.size() < PROGRAMS; seed++) {
            Program program = RandomCode.generateForDevice(new Random(seed));
            if (TestMaps.areEnough(program)
                    && new Verifier()
                            .analyse(program, TestHook.ANY_VERDICT, TestMaps.DEFINITIONS)
                            .isAccepted()) {
                programs.add(program);
            }
        }
        check(programs, TestMaps.at(0x7f00_0000_0000L), folder);
    }
}
