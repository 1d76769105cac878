package dev.gbpf.cuda.ptx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Helper;
import dev.gbpf.abi.MapKind;
import dev.gbpf.cuda.driver.Cubin;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.PseudoKind;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import dev.gbpf.isa.encoding.InstructionDecoder;
import dev.gbpf.object.MapDefinition;
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

/**
 * NVIDIA's assembler takes what is made of the public conformance suite and of random verified programs, without a word. {@code -Dgbpf.long=true} gives it
 * the whole suite and thousands of programs.
 */
class PtxasTest {
    private static final int PROGRAMS =
            Integer.getInteger("gbpf.ptx.programs", Boolean.getBoolean("gbpf.long") ? 5_000 : 16);
    /** Of the suite every ninth program, usually. */
    private static final int SUITE_STEP = 9;

    private static final long SEED = Long.getLong("gbpf.ptx.seed", 20_261_127L);

    private static void check(List<Program> programs, Map<Integer, PtxMap> maps, Path folder) {
        PtxModule module = new PtxModule();
        programs.forEach(program -> module.add("program_" + module.size(), program, maps));
        Ptxas.CHIPS.forEach(chip -> Ptxas.assemble(module.text(), chip, folder));
    }

    @Test
    void conformanceSuite_asPtx_isAssembled(@TempDir Path folder) throws IOException {
        Ptxas.assumeAvailable();
        Path suite = Path.of(System.getProperty("gbpf.root", ".."), "..", "shared", "conformance", "conformance.jsonl");
        Assumptions.assumeTrue(Files.isReadable(suite), "skipped: no conformance suite at " + suite.normalize());
        List<Program> programs = Files.readAllLines(suite).stream()
                .map(line ->
                        JsonMapper.shared().readTree(line).get("program_hex").asString())
                .map(hex -> InstructionDecoder.decode(HexFormat.of().parseHex(hex)))
                .filter(program ->
                        program.instructions().stream().noneMatch(i -> i instanceof Instruction.CallRegister))
                .toList();
        assertThat(programs).hasSizeGreaterThan(300);
        int step = Boolean.getBoolean("gbpf.long") ? 1 : SUITE_STEP;
        check(
                IntStream.iterate(0, i -> i < programs.size(), i -> i + step)
                        .mapToObj(programs::get)
                        .toList(),
                Map.of(),
                folder);
    }

    @Test
    void functions_thatProgramsCall_areThereAfterTheLink(@TempDir Path folder) {
        Ptxas.assumeAvailable();
        Program program = new Program(List.of(
                new Instruction.Mov(true, 0, Register.R2, Register.R1),
                new Instruction.CallLocal(1),
                new Instruction.Exit(),
                new Instruction.Mov(true, 0, Register.R0, Register.R1),
                new Instruction.Alu(AluOp.DIV, true, Register.R0, Register.R2),
                new Instruction.Exit()));
        String ptx = new PtxModule().add("program", program, Map.of()).text();
        for (String chip : Ptxas.CHIPS) {
            Path cubin = Ptxas.assemble(ptx, chip, folder);
            assertThat(Cubin.sections(Ptxas.link(cubin, chip, folder)))
                    .contains(".text.program", ".text.program_3", ".text.__cuda_sm20_div_u64")
                    .noneMatch(section -> section.matches("\\.nv\\.(constant[1-9].*|shared.*)"));
        }
    }

    @Test
    void programs_thatCallNothing_needNoKernel(@TempDir Path folder) {
        Ptxas.assumeAvailable();
        Program program = new Program(List.of(
                new Instruction.Load(Width.W, false, Register.R0, Register.R1, (short) 8),
                new Instruction.Alu(AluOp.MOD, true, Register.R0, new Immediate(10)),
                new Instruction.Alu(AluOp.DIV, false, Register.R0, Register.R0),
                new Instruction.Exit()));
        String ptx = new PtxModule().add("program", program, Map.of()).text();
        assertThat(ptx).doesNotContain(".entry");
        for (String chip : Ptxas.CHIPS) {
            Path cubin = Ptxas.assemble(ptx, chip, folder);
            assertThat(Cubin.sections(Ptxas.link(cubin, chip, folder)))
                    .contains(".text.program")
                    .noneMatch(section -> section.startsWith(".text.__cuda"));
        }
    }

    @Test
    void hashes_areCalledByTheirAddress_andNeedNoKernel(@TempDir Path folder) {
        Ptxas.assumeAvailable();
        Program program = new Program(List.of(
                new Instruction.Store(Width.DW, Register.R10, (short) -8, Register.R1),
                new Instruction.LoadPseudo(PseudoKind.MAP_BY_INDEX, Register.R1, 0, 0),
                new Instruction.Mov(true, 0, Register.R2, Register.R10),
                new Instruction.Alu(AluOp.ADD, true, Register.R2, new Immediate(-8)),
                new Instruction.CallHelper(Helper.MAP_LOOKUP_ELEM.id()),
                new Instruction.LoadPseudo(PseudoKind.MAP_BY_INDEX, Register.R1, 0, 0),
                new Instruction.Mov(true, 0, Register.R2, new Immediate(3)),
                new Instruction.CallHelper(Helper.MAP_NEXT_SLOT.id()),
                new Instruction.Exit()));
        PtxMap hash = PtxMap.of(new MapDefinition("m", MapKind.LRU_HASH, 8, 8, 64), "139637976727552", 0);
        String ptx = new PtxModule().add("program", program, Map.of(0, hash)).text();
        assertThat(ptx).doesNotContain(".entry");
        for (String chip : Ptxas.CHIPS) {
            Path cubin = Ptxas.assemble(ptx, chip, folder);
            assertThat(Cubin.sections(Ptxas.link(cubin, chip, folder)))
                    .contains(".text.program")
                    .noneMatch(section -> section.matches("\\.nv\\.(constant[1-9].*|shared.*)"));
        }
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
