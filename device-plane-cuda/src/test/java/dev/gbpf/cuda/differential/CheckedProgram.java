package dev.gbpf.cuda.differential;

import dev.gbpf.cuda.ptx.TestMaps;
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
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A program with what the host's interpreter made of it, in successive runs.
 *
 * @param usesMaps whether it has anything but its context
 * @param runs with the same maps
 * @param valuesBefore of its maps, those of {@link TestMaps#offsets}; empty when it uses none
 * @param valuesAfter the same after the last run
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares it
record CheckedProgram(
        String name, Program program, boolean usesMaps, List<Run> runs, byte[] valuesBefore, byte[] valuesAfter) {
    private static final int RUNS = 3;
    private static final byte[] NOTHING = {};
    private static final HelperCalls NONE = (helper, _, _, _, _, _, _) -> {
        throw new AssertionError("a program called helper " + helper);
    };

    /** A run: contexts of one size, and the result. */
    record Run(byte[] before, byte[] after, long r0) {}

    /**
     * The random program of a seed.
     *
     * @return empty when the verifier rejects it, or it wants more than a device has
     */
    static Optional<CheckedProgram> random(long seed, Verifier verifier) {
        Random random = new Random(seed);
        Program program = RandomCode.generateForDevice(random);
        if (!TestMaps.areEnough(program)
                || !verifier.analyse(program, TestHook.ANY_VERDICT, TestMaps.DEFINITIONS)
                        .isAccepted()) {
            return Optional.empty();
        }
        RandomInputs inputs = new RandomInputs(program, random);
        List<byte[]> contexts = IntStream.range(0, RUNS)
                .mapToObj(_ -> inputs.context(TestHook.CONTEXT))
                .toList();
        return Optional.of(run("seed " + seed, program, contexts, inputs));
    }

    /** The programs of the public ISA suite, but those that call helpers. */
    static List<CheckedProgram> suite(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .flatMap(line -> ofSuite(JsonMapper.shared().readTree(line)).stream())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<CheckedProgram> ofSuite(JsonNode test) {
        Program program = InstructionDecoder.decode(
                HexFormat.of().parseHex(test.get("program_hex").asString()));
        byte[] memory = HexFormat.of().parseHex(test.get("mem").asString());
        if (program.instructions().stream()
                .anyMatch(i -> i instanceof Instruction.CallHelper || i instanceof Instruction.CallRegister)) {
            return Optional.empty();
        }
        // The suite has the size of its memory in r2.
        List<Instruction> withSize = new ArrayList<>(program.instructions());
        withSize.addFirst(new Instruction.Mov(true, 0, Register.R2, new Immediate(memory.length)));
        return Optional.of(run(test.get("name").asString(), new Program(withSize), List.of(memory), null));
    }

    private static CheckedProgram run(
            String name, Program program, List<byte[]> contexts, @Nullable RandomInputs inputs) {
        boolean usesMaps = program.instructions().stream()
                .anyMatch(i -> i instanceof Instruction.CallHelper || i instanceof Instruction.LoadPseudo);
        try (Arena arena = Arena.ofConfined()) {
            if (!usesMaps) {
                InterpretedProgram alone = new InterpretedProgram(program, List.of(), NONE, arena);
                return new CheckedProgram(name, program, false, run(alone, contexts, arena), NOTHING, NOTHING);
            }
            List<BpfMap> maps = new ArrayList<>();
            TestMaps.DEFINITIONS.forEach(definition -> maps.add(MapFactory.create(definition, arena)));
            HelperCalls helpers = TestMaps.helpers(maps);
            for (int map : TestMaps.offsets().keySet()) {
                if (inputs != null && !TestMaps.DEFINITIONS.get(map).readOnly()) {
                    byte[] value = inputs.memory(TestMaps.DEFINITIONS.get(map).valueSize());
                    maps.get(map).put(new byte[4], value, BpfMap.ANY);
                }
            }
            byte[] before = values(helpers);
            List<Run> runs = run(new InterpretedProgram(program, maps, helpers, arena), contexts, arena);
            return new CheckedProgram(name, program, true, runs, before, values(helpers));
        }
    }

    private static List<Run> run(InterpretedProgram interpreter, List<byte[]> contexts, Arena arena) {
        List<Run> runs = new ArrayList<>();
        for (byte[] bytes : contexts) {
            MemorySegment context = arena.allocate(Math.max(bytes.length, 8), 8);
            MemorySegment.copy(bytes, 0, context, ValueLayout.JAVA_BYTE, 0, bytes.length);
            long r0 = interpreter.run(bytes.length == 0 ? 0 : context.address(), TestMaps.NOBODY);
            runs.add(new Run(bytes, context.asSlice(0, bytes.length).toArray(ValueLayout.JAVA_BYTE), r0));
        }
        return runs;
    }

    private static byte[] values(HelperCalls helpers) {
        byte[] all = new byte[(int) TestMaps.allBytes()];
        TestMaps.values(helpers)
                .forEach((map, values) -> MemorySegment.copy(
                        values,
                        ValueLayout.JAVA_BYTE,
                        0,
                        all,
                        Math.toIntExact(TestMaps.offsets().getOrDefault(map, 0L)),
                        (int) values.byteSize()));
        return all;
    }
}
