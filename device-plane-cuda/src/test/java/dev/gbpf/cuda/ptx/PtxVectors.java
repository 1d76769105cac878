package dev.gbpf.cuda.ptx;

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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes modules of PTX with what the host's interpreter says of their programs, for {@code src/test/cuda/gpu/ptx_check.cpp} to compare with a
 * GPU's.
 *
 * <pre>
 * PtxVectors suite SUITE.jsonl FOLDER                       the ISA suite, without programs that call helpers
 * PtxVectors random MODULES PROGRAMS_OF_EACH SEED FOLDER    random verified programs, with maps and helpers
 * </pre>
 *
 * NAME.ptx is a module; "$MAPS+N$" in it stands for an address. NAME.vec has, little-endian, u32 programs, u32 bytes of a program's maps, and for each
 * program u32 bytes of its context, u32 runs, u32 whether it uses maps, u32 0, the maps before, the maps after, and for each run u64 r0, the context
 * before and after. Clock and CPU are {@link TestMaps#NOW} and 0.
 */
public final class PtxVectors {
    private static final int RUNS = 3;
    private static final int ROOM = 512;

    private PtxVectors() {}

    /** Writes the files. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[arguments.length - 1]);
        if (arguments[0].equals("suite")) {
            suite(Path.of(arguments[1]), folder);
            return;
        }
        int modules = Integer.parseInt(arguments[1]);
        int each = Integer.parseInt(arguments[2]);
        long seed = Long.parseLong(arguments[3]);
        IntStream.range(0, modules)
                .parallel()
                .forEach(module -> random(module, each, seed + (long) module * 1_000_000, folder));
    }

    private static void suite(Path suite, Path folder) throws IOException {
        List<Program> programs = new ArrayList<>();
        ByteArrayOutputStream vectors = new ByteArrayOutputStream();
        for (String line : Files.readAllLines(suite)) {
            JsonNode test = JsonMapper.shared().readTree(line);
            Program program = InstructionDecoder.decode(
                    HexFormat.of().parseHex(test.get("program_hex").asString()));
            byte[] memory = HexFormat.of().parseHex(test.get("mem").asString());
            if (program.instructions().stream()
                    .noneMatch(i -> i instanceof Instruction.CallHelper || i instanceof Instruction.CallRegister)) {
                List<Instruction> withSize = new ArrayList<>(program.instructions());
                withSize.addFirst(new Instruction.Mov(true, 0, Register.R2, new Immediate(memory.length)));
                programs.add(new Program(withSize));
                vectors.writeBytes(vector(programs.getLast(), List.of(memory), null));
            }
        }
        write(folder, "suite", programs, vectors);
    }

    private static void random(int module, int each, long firstSeed, Path folder) {
        Verifier verifier = new Verifier();
        List<Program> programs = new ArrayList<>();
        ByteArrayOutputStream vectors = new ByteArrayOutputStream();
        for (long seed = firstSeed; programs.size() < each; seed++) {
            Random random = new Random(seed);
            Program program = RandomCode.generateForDevice(random);
            if (TestMaps.areEnough(program)
                    && verifier.analyse(program, TestHook.ANY_VERDICT, TestMaps.DEFINITIONS)
                            .isAccepted()) {
                RandomInputs inputs = new RandomInputs(program, random);
                List<byte[]> contexts = IntStream.range(0, RUNS)
                        .mapToObj(_ -> inputs.context(TestHook.CONTEXT))
                        .toList();
                programs.add(program);
                vectors.writeBytes(vector(program, contexts, inputs));
            }
        }
        write(folder, "random_" + module, programs, vectors);
    }

    private static void write(Path folder, String name, List<Program> programs, ByteArrayOutputStream vectors) {
        PtxModule module = new PtxModule();
        for (Program program : programs) {
            int number = module.size();
            module.add("program_" + number, program, maps(number * (long) ROOM));
        }
        ByteBuffer head = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        head.putInt(programs.size()).putInt(ROOM);
        try {
            Files.writeString(folder.resolve(name + ".ptx"), module.text());
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(head.array());
            vectors.writeTo(all);
            Files.write(folder.resolve(name + ".vec"), all.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<Integer, PtxMap> maps(long from) {
        Map<Integer, PtxMap> maps = new TreeMap<>();
        TestMaps.offsets().forEach((map, offset) -> maps.put(map, TestMaps.map(map, "$MAPS+" + (from + offset) + "$")));
        return maps;
    }

    /** Runs a program on the host. */
    private static byte[] vector(Program program, List<byte[]> contexts, @Nullable RandomInputs inputs) {
        int size = contexts.getFirst().length;
        ByteBuffer vector = ByteBuffer.allocate(16 + 2 * ROOM + contexts.size() * (8 + 2 * size))
                .order(ByteOrder.LITTLE_ENDIAN);
        boolean usesMaps = program.instructions().stream()
                .anyMatch(i -> i instanceof Instruction.CallHelper || i instanceof Instruction.LoadPseudo);
        vector.putInt(size).putInt(contexts.size()).putInt(usesMaps ? 1 : 0).putInt(0);
        List<BpfMap> maps = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            TestMaps.DEFINITIONS.forEach(definition -> maps.add(MapFactory.create(definition, arena)));
            HelperCalls helpers = TestMaps.helpers(maps);
            TestMaps.offsets().forEach((map, offset) -> {
                if (inputs != null && !TestMaps.DEFINITIONS.get(map).readOnly()) {
                    byte[] value = inputs.memory(TestMaps.DEFINITIONS.get(map).valueSize());
                    maps.get(map).put(new byte[4], value, BpfMap.ANY);
                }
            });
            putMaps(vector, 16, helpers);
            vector.position(16 + 2 * ROOM);
            InterpretedProgram interpreter = new InterpretedProgram(program, maps, helpers, arena);
            for (byte[] bytes : contexts) {
                MemorySegment context = arena.allocate(Math.max(size, 8), 8);
                MemorySegment.copy(bytes, 0, context, ValueLayout.JAVA_BYTE, 0, size);
                vector.putLong(interpreter.run(size == 0 ? 0 : context.address(), TestMaps.NOBODY));
                vector.put(bytes).put(context.asSlice(0, size).toArray(ValueLayout.JAVA_BYTE));
            }
            putMaps(vector, 16 + ROOM, helpers);
        }
        return vector.array();
    }

    private static void putMaps(ByteBuffer vector, int at, HelperCalls helpers) {
        Map<Integer, Long> offsets = TestMaps.offsets();
        TestMaps.values(helpers)
                .forEach((map, values) -> vector.put(
                        at + Math.toIntExact(offsets.getOrDefault(map, 0L)), values.toArray(ValueLayout.JAVA_BYTE)));
    }
}
