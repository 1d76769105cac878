package dev.gbpf.cuda.vm;

import dev.gbpf.host.helper.HelperCalls;
import dev.gbpf.host.testkit.ScriptedServices;
import dev.gbpf.host.vm.InterpretedProgram;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.encoding.InstructionDecoder;
import dev.gbpf.verifier.Verifier;
import dev.gbpf.verifier.testkit.RandomCode;
import dev.gbpf.verifier.testkit.RandomInputs;
import dev.gbpf.verifier.testkit.TestHook;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes programs with the results of the host's interpreter, for {@code src/test/cuda/gpu/vm_check.cu} to compare with a GPU's.
 *
 * <pre>
 * VectorFile suite SUITE.jsonl FILE       the ISA suite, without programs that call helpers
 * VectorFile random PROGRAMS SEED FILE    random verified programs, without helpers and maps
 * </pre>
 *
 * A file is a sequence of vectors, little-endian, each padded to 8 bytes: u32 bytes of the name, u32 operations, u32 bytes of memory,
 * u32 0, u64 expected r0; the name, padded to 8; the operations of 16 bytes; memory before, memory after.
 */
public final class VectorFile {
    private static final HelperCalls NONE = (helper, _, _, _, _, _, _) -> {
        throw new AssertionError("a program called helper " + helper);
    };

    private VectorFile() {}

    /** Writes a file. */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[arguments.length - 1]);
        try (OutputStream out = Files.newOutputStream(file)) {
            int count = arguments[0].equals("suite")
                    ? suite(Path.of(arguments[1]), out)
                    : random(Integer.parseInt(arguments[1]), Long.parseLong(arguments[2]), out);
            System.out.println(count + " programs, " + Files.size(file) + " bytes: " + file);
        }
    }

    private static int suite(Path suite, OutputStream out) throws IOException {
        JsonMapper json = JsonMapper.shared();
        int count = 0;
        for (String line : Files.readAllLines(suite)) {
            JsonNode test = json.readTree(line);
            Program program = InstructionDecoder.decode(
                    HexFormat.of().parseHex(test.get("program_hex").asString()));
            if (isAlone(program)) {
                byte[] memory = HexFormat.of().parseHex(test.get("mem").asString());
                write(test.get("name").asString(), program, memory, out);
                count++;
            }
        }
        return count;
    }

    private static int random(int programs, long firstSeed, OutputStream out) throws IOException {
        Verifier verifier = new Verifier();
        int count = 0;
        for (long seed = firstSeed; count < programs; seed++) {
            Random random = new Random(seed);
            Program program = RandomCode.generateForDevice(random);
            if (isAlone(program)
                    && verifier.analyse(program, TestHook.ANY_VERDICT, TestHook.MAPS)
                            .isAccepted()) {
                byte[] memory = new RandomInputs(program, random).context(TestHook.CONTEXT);
                write("seed " + seed, program, memory, out);
                count++;
            }
        }
        return count;
    }

    /** Whether a program needs nothing but its memory. */
    private static boolean isAlone(Program program) {
        return program.instructions().stream()
                .noneMatch(i -> i instanceof Instruction.CallHelper
                        || i instanceof Instruction.LoadPseudo
                        || i instanceof Instruction.CallRegister);
    }

    private static void write(String name, Program program, byte[] memory, OutputStream out) throws IOException {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        long[] words = MicroOpEncoder.encode(program, NoMaps.MAPS).words();
        int bytes = 24 + padded(text.length) + 8 * words.length + padded(2 * memory.length);
        ByteBuffer vector = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment place = arena.allocate(Math.max(memory.length, 8), 8);
            MemorySegment.copy(memory, 0, place, ValueLayout.JAVA_BYTE, 0, memory.length);
            long r0 = new InterpretedProgram(program, List.of(), NONE, arena)
                    .run(memory.length == 0 ? 0 : place.address(), memory.length, ScriptedServices.NONE);
            vector.putInt(text.length)
                    .putInt(words.length / 2)
                    .putInt(memory.length)
                    .putInt(0)
                    .putLong(r0);
            vector.put(text).position(24 + padded(text.length));
            for (long word : words) {
                vector.putLong(word);
            }
            vector.put(memory).put(place.asSlice(0, memory.length).toArray(ValueLayout.JAVA_BYTE));
        }
        out.write(vector.array());
    }

    private static int padded(int bytes) {
        return (bytes + 7) / 8 * 8;
    }

    private static final class NoMaps {
        static final MapAddresses MAPS = new MapAddresses() {
            @Override
            public long handle(int map) {
                throw new AssertionError("map " + map);
            }

            @Override
            public long value(int map, int offset) {
                throw new AssertionError("map " + map);
            }
        };
    }
}
