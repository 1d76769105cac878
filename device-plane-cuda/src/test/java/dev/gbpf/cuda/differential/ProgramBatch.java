package dev.gbpf.cuda.differential;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gbpf.cuda.ptx.PtxModule;
import dev.gbpf.cuda.ptx.TestMaps;
import dev.gbpf.cuda.vm.MapAddresses;
import dev.gbpf.cuda.vm.MicroOpEncoder;
import dev.gbpf.object.MapDefinition;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Programs as {@code src/test/cuda/gpu/program_check.cu} has them: {@code struct check_program} one after the other, then what they point to. */
final class ProgramBatch {
    /** Bytes of a {@code check_program}. */
    static final int ENTRY = 64;
    /** Bytes of a {@code check_outcome}. */
    static final int OUTCOME = 32;

    private static final int LANES = 32;
    /** Bytes of a {@code gbpf_map}. */
    private static final int MAP = 32;

    private final MemorySegment memory;
    private final long base;
    private final int most;
    private final List<CheckedProgram> programs = new ArrayList<>();
    private long next;
    private int contextBytes = 8;
    private int operations = 1;

    /**
     * An empty batch.
     *
     * @param memory where it is written
     * @param base where the device has it
     * @param most how many programs
     */
    ProgramBatch(MemorySegment memory, long base, int most) {
        this.memory = memory;
        this.base = base;
        this.most = most;
        this.next = (long) most * ENTRY;
    }

    List<CheckedProgram> programs() {
        return programs;
    }

    /** Bytes that are used. */
    long bytes() {
        return next;
    }

    /** Bytes of the largest context, a multiple of 8. */
    int contextBytes() {
        return contextBytes;
    }

    /** Operations of the longest program. */
    int operations() {
        return operations;
    }

    /**
     * Adds a program.
     *
     * @param module where its machine code goes; null when it is to be interpreted
     * @return false when there is no room; it was not added then
     */
    boolean add(CheckedProgram program, @Nullable PtxModule module) {
        if (programs.size() == most) {
            return false;
        }
        long values = next;
        int valueBytes = program.valuesBefore().length;
        long expected = values + valueBytes;
        long maps = expected + valueBytes;
        int mapCount = program.usesMaps() ? TestMaps.DEFINITIONS.size() : 0;
        long code = maps + mapCount * (long) MAP;
        long[] words = {};
        if (module == null) {
            words = MicroOpEncoder.encode(program.program(), addresses(base + values))
                    .words();
        }
        long runs = code + (long) words.length * Long.BYTES;
        int context = program.runs().getFirst().before().length;
        int padded = (context + 7) / 8 * 8;
        long end = runs + program.runs().size() * (8L + 2L * padded);
        if (end > memory.byteSize()) {
            return false;
        }
        MemorySegment.copy(program.valuesBefore(), 0, memory, JAVA_BYTE, values, valueBytes);
        MemorySegment.copy(program.valuesAfter(), 0, memory, JAVA_BYTE, expected, valueBytes);
        for (int map = 0; map < mapCount; map++) {
            describe(map, base + values, memory.asSlice(maps + (long) map * MAP, MAP));
        }
        MemorySegment.copy(words, 0, memory, JAVA_LONG, code, words.length);
        long at = runs;
        for (CheckedProgram.Run run : program.runs()) {
            memory.set(JAVA_LONG, at, run.r0());
            MemorySegment.copy(run.before(), 0, memory, JAVA_BYTE, at + 8, context);
            MemorySegment.copy(run.after(), 0, memory, JAVA_BYTE, at + 8 + padded, context);
            at += 8 + 2L * padded;
        }
        MemorySegment entry = memory.asSlice((long) programs.size() * ENTRY, ENTRY);
        entry.set(JAVA_LONG, 0, base + code);
        entry.set(JAVA_LONG, 8, base + maps);
        entry.set(JAVA_LONG, 16, base + values);
        entry.set(JAVA_LONG, 24, base + expected);
        entry.set(JAVA_LONG, 32, base + runs);
        entry.set(JAVA_INT, 40, words.length / 2);
        entry.set(JAVA_INT, 44, context);
        entry.set(JAVA_INT, 48, program.runs().size());
        entry.set(JAVA_INT, 52, mapCount);
        entry.set(JAVA_INT, 56, valueBytes);
        entry.set(JAVA_INT, 60, program.usesMaps() ? 1 : LANES);
        if (module != null) {
            module.add("program_" + programs.size(), program.program(), TestMaps.at(base + values));
        }
        programs.add(program);
        contextBytes = Math.max(contextBytes, padded);
        operations = Math.max(operations, words.length / 2);
        next = (end + 15) / 16 * 16;
        return true;
    }

    /** Says where the machine code of a program is. */
    void code(int program, long address) {
        memory.set(JAVA_LONG, (long) program * ENTRY, address);
    }

    private static MapAddresses addresses(long values) {
        return (map, offset) -> {
            Long at = TestMaps.offsets().get(map);
            if (at == null) {
                throw new IllegalArgumentException("map " + map + " has no values");
            }
            return values + at + offset;
        };
    }

    private static void describe(int map, long values, MemorySegment to) {
        MapDefinition definition = TestMaps.DEFINITIONS.get(map);
        Long at = TestMaps.offsets().get(map);
        if (at == null) {
            to.fill((byte) 0);
            return;
        }
        to.set(JAVA_INT, 0, definition.kind().number());
        to.set(JAVA_INT, 4, definition.keySize());
        to.set(JAVA_INT, 8, definition.valueSize());
        to.set(JAVA_INT, 12, definition.maxEntries());
        to.set(JAVA_LONG, 16, values + at);
        to.set(JAVA_INT, 24, definition.readOnly() ? 1 : 0);
        to.set(JAVA_INT, 28, 1); // row of a percpu_array
    }
}
