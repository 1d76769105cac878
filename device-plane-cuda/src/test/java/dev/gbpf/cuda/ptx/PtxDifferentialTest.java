package dev.gbpf.cuda.ptx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.asm.Disassembler;
import dev.gbpf.host.helper.HelperCalls;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.MapFactory;
import dev.gbpf.host.vm.InterpretedProgram;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.encoding.InstructionDecoder;
import dev.gbpf.verifier.Verifier;
import dev.gbpf.verifier.testkit.RandomCode;
import dev.gbpf.verifier.testkit.RandomInputs;
import dev.gbpf.verifier.testkit.TestHook;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What PTX does that was made of a program, and what the host's interpreter does, are the same: of the public conformance suite, and of random
 * verified programs with maps and helpers. {@code -Dgbpf.long=true} tries a million of them.
 */
class PtxDifferentialTest {
    private static final int PROGRAMS =
            Integer.getInteger("gbpf.ptx.programs", Boolean.getBoolean("gbpf.long") ? 1_000_000 : 100);
    private static final int RUNS = 3;
    private static final long SEED = Long.getLong("gbpf.ptx.seed", 20_261_127L);

    private static String compile(Program program, Map<Integer, PtxMap> maps) {
        return new PtxModule().add("program", program, maps).text();
    }

    @TestFactory
    Stream<DynamicTest> conformanceProgram_asPtx_givesTheExpectedResult() throws IOException {
        Path suite = Path.of(System.getProperty("gbpf.root", ".."), "..", "shared", "conformance", "conformance.jsonl");
        Assumptions.assumeTrue(Files.isReadable(suite), "skipped: no conformance suite at " + suite.normalize());
        JsonMapper json = JsonMapper.shared();
        return Files.readAllLines(suite).stream()
                .map(json::readTree)
                .filter(test -> isAlone(program(test)))
                .map(test -> DynamicTest.dynamicTest(test.get("name").asString(), () -> run(test)));
    }

    private static Program program(JsonNode test) {
        return InstructionDecoder.decode(
                HexFormat.of().parseHex(test.get("program_hex").asString()));
    }

    private static boolean isAlone(Program program) {
        return program.instructions().stream()
                .noneMatch(i -> i instanceof Instruction.CallHelper || i instanceof Instruction.CallRegister);
    }

    private static void run(JsonNode test) {
        byte[] bytes = HexFormat.of().parseHex(test.get("mem").asString());
        long expected =
                Long.parseUnsignedLong(test.get("expected_r0").asString().substring(2), 16);
        // The suite has the size of its memory in r2.
        List<Instruction> instructions = new ArrayList<>();
        instructions.add(new Instruction.Mov(true, 0, Register.R2, new Immediate(bytes.length)));
        instructions.addAll(program(test).instructions());
        PtxMachine machine = new PtxMachine(compile(new Program(instructions), Map.of()));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(Math.max(bytes.length, 8), 8);
            MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
            machine.allow(memory);
            assertThat(machine.call("program", bytes.length == 0 ? 0 : memory.address(), TestMaps.NOW, 0, 0))
                    .isEqualTo(expected);
        }
    }

    @Test
    void randomPrograms_asPtxAndOnTheHost_doTheSame() {
        Verifier verifier = new Verifier();
        int tried = 0;
        for (long seed = SEED; tried < PROGRAMS; seed++) {
            Random random = new Random(seed);
            Program program = RandomCode.generateForDevice(random);
            if (TestMaps.areEnough(program)
                    && verifier.analyse(program, TestHook.ANY_VERDICT, TestMaps.DEFINITIONS)
                            .isAccepted()) {
                long inputs = random.nextLong();
                long failed = seed;
                assertThat(outcome(program, inputs, true))
                        .as(() -> "seed " + failed + "\n" + text(program))
                        .isEqualTo(outcome(program, inputs, false));
                tried++;
            }
        }
    }

    /** Results, and contexts and maps afterwards. */
    private static List<String> outcome(Program program, long seed, boolean asPtx) {
        RandomInputs inputs = new RandomInputs(program, new Random(seed));
        List<String> outcome = new ArrayList<>();
        List<BpfMap> maps = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            TestMaps.DEFINITIONS.forEach(definition -> maps.add(MapFactory.create(definition, arena)));
            maps.stream()
                    .filter(map -> TestMaps.offsets().containsKey(maps.indexOf(map))
                            && !map.definition().readOnly())
                    .forEach(map ->
                            map.put(new byte[4], inputs.memory(map.definition().valueSize()), BpfMap.ANY));
            HelperCalls helpers = TestMaps.helpers(maps);
            Map<Integer, MemorySegment> memory = TestMaps.values(helpers);
            Map<Integer, PtxMap> places = new TreeMap<>();
            memory.forEach((map, values) -> places.put(map, TestMaps.map(map, Long.toString(values.address()))));
            PtxMachine machine = new PtxMachine(compile(program, places));
            memory.values().forEach(machine::allow);
            InterpretedProgram interpreter = new InterpretedProgram(program, maps, helpers, arena);
            for (int i = 0; i < RUNS; i++) {
                byte[] bytes = inputs.context(TestHook.CONTEXT);
                MemorySegment context = arena.allocate(bytes.length, 8);
                MemorySegment.copy(bytes, 0, context, ValueLayout.JAVA_BYTE, 0, bytes.length);
                machine.allow(context);
                long r0 = asPtx
                        ? machine.call("program", context.address(), TestMaps.NOW, 0, 0)
                        : interpreter.run(context.address(), TestMaps.NOBODY);
                outcome.add(Long.toHexString(r0) + " " + hex(context));
            }
            memory.values().forEach(values -> outcome.add(hex(values)));
        }
        return outcome;
    }

    private static String text(Program program) {
        return program.instructions().stream().map(Disassembler::text).collect(Collectors.joining("\n"));
    }

    private static String hex(MemorySegment memory) {
        return HexFormat.of().formatHex(memory.toArray(ValueLayout.JAVA_BYTE));
    }
}
