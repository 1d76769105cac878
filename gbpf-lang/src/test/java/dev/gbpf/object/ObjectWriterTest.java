package dev.gbpf.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gbpf.abi.AbiVersion;
import dev.gbpf.abi.Hook;
import dev.gbpf.abi.MapKind;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Instruction.Exit;
import dev.gbpf.isa.Program;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ObjectWriterTest {
    private static final Program EXIT = new Program(List.of(new Exit()));

    /** The whole of a small object, byte by byte as the format page says. */
    @Test
    void write_ofSmallObject_givesTheDocumentedBytes() {
        PolicyObject object = new PolicyObject(
                "p",
                new AbiVersion(1, 0),
                List.of(),
                List.of(new ProgramObject(Hook.ON_TICK, EXIT, List.of(new LineInfo(0, 2, 3, 4)))),
                null);
        String header = "8947424f" + "0100" + "0000" + "0100" + "0000" + "88000000" + "(crc32c)" + "03000000";
        String table = "01000000" + "00000000" + "48000000" + "01000000"
                + "02000000" + "00000000" + "50000000" + "08000000"
                + "03000000" + "00000000" + "58000000" + "30000000";
        String name = "7000000000000000";
        String maps = "0000000000000000";
        String programs = "01000000" + "00000000" + "07000000" + "01000000" + "01000000" + "00000000"
                + "9500000000000000" + "00000000" + "02000000" + "03000000" + "04000000";
        byte[] bytes = ObjectWriter.write(object);
        String hex = HexFormat.of().formatHex(bytes);
        assertThat(hex.substring(0, 32) + "(crc32c)" + hex.substring(40))
                .isEqualTo(header + table + name + maps + programs);
    }

    @Test
    void write_refusesWhatTheFormatCannotHold() {
        SourceFile none = null;
        List<MapDefinition> maps65 = IntStream.range(0, 65)
                .mapToObj(i -> new MapDefinition("m" + i, MapKind.HASH, 1, 1, 1))
                .toList();
        assertRefused(ObjectProblem.NAME, "", List.of(), List.of(), none);
        assertRefused(ObjectProblem.NAME, "a".repeat(65), List.of(), List.of(), none);
        assertRefused(ObjectProblem.NAME, "ä", List.of(), List.of(), none);
        assertRefused(ObjectProblem.MAP, "p", maps65, List.of(), none);
        assertRefused(ObjectProblem.MAP, "p", List.of(maps65.get(0), maps65.get(0)), List.of(), none);
        assertRefused(
                ObjectProblem.NAME, "p", List.of(new MapDefinition("a b", MapKind.HASH, 1, 1, 1)), List.of(), none);
        ProgramObject tick = new ProgramObject(Hook.ON_TICK, EXIT, List.of());
        assertRefused(ObjectProblem.PROGRAM, "p", List.of(), List.of(tick, tick), none);
        assertRefused(
                ObjectProblem.LINES,
                "p",
                List.of(),
                List.of(new ProgramObject(Hook.ON_TICK, EXIT, List.of(new LineInfo(1, 1, 1, 1)))),
                none);
        assertRefused(ObjectProblem.SOURCE, "p", List.of(), List.of(), new SourceFile("f", "x".repeat((1 << 20) + 1)));
        assertRefused(ObjectProblem.SOURCE, "p", List.of(), List.of(), new SourceFile("f", "ä".repeat(1 << 19) + "x"));
        assertRefused(ObjectProblem.SOURCE, "p", List.of(), List.of(), new SourceFile("f", "\ud800"));
        assertRefused(ObjectProblem.SOURCE, "p", List.of(), List.of(), new SourceFile("f".repeat(4097), ""));
    }

    @Test
    void write_ofProgramBeyondTheLimit_isRefused() {
        List<Instruction> many = Collections.nCopies(ObjectLayout.MAX_PROGRAM_SLOTS + 1, new Exit());
        assertRefused(
                ObjectProblem.PROGRAM,
                "p",
                List.of(),
                List.of(new ProgramObject(Hook.ON_TICK, new Program(many), List.of())),
                null);
    }

    @Test
    void write_ofProgramsBeyondTheTotal_isRefused() {
        Program most = new Program(Collections.nCopies(ObjectLayout.MAX_PROGRAM_SLOTS, new Exit()));
        List<ProgramObject> three = List.of(
                new ProgramObject(Hook.ON_TICK, most, List.of()),
                new ProgramObject(Hook.INIT, most, List.of()),
                new ProgramObject(Hook.EXIT, most, List.of()));
        assertRefused(ObjectProblem.LENGTH, "p", List.of(), three, null);
        PolicyObject fits = new PolicyObject("p", AbiVersion.CURRENT, List.of(), three.subList(0, 2), null);
        assertThat(ObjectReader.read(ObjectWriter.write(fits))).isEqualTo(fits);
    }

    private static void assertRefused(
            ObjectProblem problem,
            String name,
            List<MapDefinition> maps,
            List<ProgramObject> programs,
            @Nullable SourceFile source) {
        PolicyObject object = new PolicyObject(name, AbiVersion.CURRENT, maps, programs, source);
        ObjectFormatException e = catchThrowableOfType(ObjectFormatException.class, () -> ObjectWriter.write(object));
        assertThat(e).as("refused with " + problem).isNotNull();
        assertThat(e.problem()).as(e.getMessage()).isEqualTo(problem);
        assertThat(e.offset()).isEqualTo(ObjectFormatException.NO_OFFSET);
    }
}
