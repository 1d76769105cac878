package dev.gbpf.object;

import static dev.gbpf.object.ObjectProblem.ABI_VERSION;
import static dev.gbpf.object.ObjectProblem.CHECKSUM;
import static dev.gbpf.object.ObjectProblem.CODE;
import static dev.gbpf.object.ObjectProblem.FORMAT_VERSION;
import static dev.gbpf.object.ObjectProblem.LENGTH;
import static dev.gbpf.object.ObjectProblem.LINES;
import static dev.gbpf.object.ObjectProblem.MAP;
import static dev.gbpf.object.ObjectProblem.NAME;
import static dev.gbpf.object.ObjectProblem.NOT_AN_OBJECT;
import static dev.gbpf.object.ObjectProblem.PROGRAM;
import static dev.gbpf.object.ObjectProblem.SECTION_CONTENT;
import static dev.gbpf.object.ObjectProblem.SECTION_TABLE;
import static dev.gbpf.object.ObjectProblem.SOURCE;
import static dev.gbpf.object.ObjectProblem.UNKNOWN_HOOK;
import static dev.gbpf.object.ObjectProblem.UNKNOWN_SECTION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import dev.gbpf.abi.AbiVersion;
import dev.gbpf.abi.Hook;
import dev.gbpf.abi.MapKind;
import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction.Exit;
import dev.gbpf.isa.Instruction.LoadImm64;
import dev.gbpf.isa.Instruction.Mov;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectReaderTest {
    private static final Program CODE_OF_SUBMIT = new Program(
            List.of(new LoadImm64(Register.R1, 7), new Mov(true, 0, Register.R0, new Immediate(0)), new Exit()));
    private static final PolicyObject OBJECT = new PolicyObject(
            "fair",
            AbiVersion.CURRENT,
            List.of(
                    new MapDefinition("credits", MapKind.ARRAY, 4, 8, 64),
                    new MapDefinition("seen", MapKind.HASH, 8, 16, 1000)),
            List.of(
                    new ProgramObject(
                            Hook.ON_SUBMIT,
                            CODE_OF_SUBMIT,
                            List.of(new LineInfo(0, 3, 5, 9), new LineInfo(2, 4, 5, 6))),
                    new ProgramObject(Hook.ON_TICK, CODE_OF_SUBMIT, List.of())),
            new SourceFile("fair.gbpf", "policy fair { }\n"));
    private static final byte[] BYTES = ObjectWriter.write(OBJECT);

    private static final int NAME_SECTION = ObjectBytes.sectionOffset(BYTES, 1);
    private static final int MAPS_SECTION = ObjectBytes.sectionOffset(BYTES, 2);
    private static final int PROGRAMS_SECTION = ObjectBytes.sectionOffset(BYTES, 3);
    private static final int SOURCE_SECTION = ObjectBytes.sectionOffset(BYTES, 4);
    private static final int FIRST_MAP = MAPS_SECTION + 8;
    private static final int FIRST_PROGRAM = PROGRAMS_SECTION + 8;
    private static final int FIRST_CODE = FIRST_PROGRAM + 16;
    private static final int FIRST_LINE = FIRST_CODE + 4 * 8;

    @Test
    void read_ofWrittenFile_givesTheObject(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("fair" + ObjectLayout.FILE_SUFFIX);
        ObjectWriter.write(OBJECT, file);
        assertThat(ObjectReader.read(file)).isEqualTo(OBJECT);
    }

    @Test
    void header_wrong() {
        assertProblem(NOT_AN_OBJECT, 0, new byte[0]);
        assertProblem(NOT_AN_OBJECT, 0, Arrays.copyOf(BYTES, 23));
        assertProblem(NOT_AN_OBJECT, 0, ObjectBytes.withByte(BYTES, 0, 0x7f));
        assertProblem(FORMAT_VERSION, 4, ObjectBytes.withByte(BYTES, 4, 2));
        assertProblem(SECTION_TABLE, 6, ObjectBytes.withByte(BYTES, 7, 1));
        assertProblem(LENGTH, 12, Arrays.copyOf(BYTES, BYTES.length + 8));
        assertProblem(LENGTH, 12, Arrays.copyOf(BYTES, BYTES.length - 8));
        assertProblem(LENGTH, 12, Arrays.copyOf(BYTES, ObjectLayout.MAX_TOTAL_LENGTH + 1));
        byte[] flipped = BYTES.clone();
        flipped[FIRST_CODE] ^= 1;
        assertProblem(CHECKSUM, 16, flipped);
    }

    @Test
    void abi_newerMinor_isRefusedWithBothVersions() {
        AbiVersion newer = new AbiVersion(AbiVersion.CURRENT.major(), AbiVersion.CURRENT.minor() + 1);
        byte[] bytes = ObjectWriter.write(
                new PolicyObject(OBJECT.name(), newer, OBJECT.maps(), OBJECT.programs(), OBJECT.source()));
        assertThat(assertProblem(ABI_VERSION, 8, bytes))
                .hasMessageContaining(newer.toString())
                .hasMessageContaining(AbiVersion.CURRENT.toString());
    }

    @Test
    void abi_otherMajor_isRefused() {
        assertProblem(ABI_VERSION, 8, ObjectBytes.withByte(BYTES, 8, AbiVersion.CURRENT.major() + 1));
    }

    @Test
    void sectionTable_wrong() {
        int name = ObjectBytes.entryOffset(BYTES, 1);
        int maps = ObjectBytes.entryOffset(BYTES, 2);
        int source = ObjectBytes.entryOffset(BYTES, 4);
        assertProblem(SECTION_TABLE, 20, ObjectBytes.withInt(BYTES, 20, 0));
        assertProblem(SECTION_TABLE, 20, ObjectBytes.withInt(BYTES, 20, 33));
        assertProblem(SECTION_TABLE, 20, ObjectBytes.withInt(BYTES, 20, -1));
        assertProblem(SECTION_TABLE, maps, ObjectBytes.withInt(BYTES, maps, 1));
        assertProblem(SECTION_TABLE, maps + 4, ObjectBytes.withInt(BYTES, maps + 4, 2));
        assertProblem(SECTION_TABLE, maps + 4, ObjectBytes.withInt(BYTES, maps + 4, 1));
        assertProblem(SECTION_TABLE, maps + 8, ObjectBytes.withInt(BYTES, maps + 8, MAPS_SECTION + 8));
        assertProblem(SECTION_TABLE, maps + 8, ObjectBytes.withInt(BYTES, maps + 8, -8));
        assertProblem(SECTION_TABLE, name + 12, ObjectBytes.withInt(BYTES, name + 12, Integer.MAX_VALUE));
        assertProblem(SECTION_TABLE, name + 12, ObjectBytes.withInt(BYTES, name + 12, -1));
        assertProblem(SECTION_TABLE, source + 12, ObjectBytes.withInt(BYTES, source + 12, BYTES.length));
        assertProblem(SECTION_TABLE, NAME_SECTION + 4, ObjectBytes.withByte(BYTES, NAME_SECTION + 4, 'x'));
        assertProblem(SECTION_TABLE, 12, ObjectBytes.sealed(Arrays.copyOf(BYTES, BYTES.length + 8)));
    }

    @Test
    void sectionTable_ofTinyObject_mustFit() {
        byte[] header = ObjectBytes.withInt(Arrays.copyOf(BYTES, 24), 20, 4);
        assertProblem(SECTION_TABLE, 20, header);
    }

    @Test
    void section_required_mustBeThere() {
        byte[] bytes = ObjectWriter.write(
                new PolicyObject("p", AbiVersion.CURRENT, List.of(), List.of(), new SourceFile("", "")));
        int programs = ObjectBytes.entryOffset(bytes, 3);
        byte[] without = ObjectBytes.withInt(ObjectBytes.withInt(bytes, programs, 77), programs + 4, 1);
        // Types must ascend, so the source becomes a later unknown section too.
        int source = ObjectBytes.entryOffset(without, 4);
        without = ObjectBytes.withInt(without, source, 78);
        assertThat(assertProblem(SECTION_TABLE, 24, without)).hasMessageContaining("PROGRAMS");
    }

    @Test
    void section_unknown_isSkippedOnlyWhenOptional() {
        int source = ObjectBytes.entryOffset(BYTES, 4);
        byte[] optional = ObjectBytes.withInt(BYTES, source, 1000);
        PolicyObject read = ObjectReader.read(optional);
        assertThat(read.source()).isNull();
        assertThat(read.programs()).isEqualTo(OBJECT.programs());
        assertProblem(UNKNOWN_SECTION, source, ObjectBytes.withInt(optional, source + 4, 0));
    }

    @Test
    void name_wrong() {
        assertProblem(NAME, NAME_SECTION, ObjectBytes.withByte(BYTES, NAME_SECTION, '-'));
        assertProblem(NAME, NAME_SECTION, ObjectBytes.withByte(BYTES, NAME_SECTION, 0xe4));
        assertProblem(NAME, NAME_SECTION, ObjectBytes.withByte(BYTES, NAME_SECTION, 0));
    }

    @Test
    void maps_wrong() {
        assertProblem(MAP, MAPS_SECTION, ObjectBytes.withInt(BYTES, MAPS_SECTION, 65));
        assertProblem(MAP, MAPS_SECTION, ObjectBytes.withInt(BYTES, MAPS_SECTION, -1));
        assertProblem(SECTION_CONTENT, MAPS_SECTION, ObjectBytes.withInt(BYTES, MAPS_SECTION, 64));
        assertProblem(SECTION_CONTENT, FIRST_MAP + 80, ObjectBytes.withInt(BYTES, MAPS_SECTION, 1));
        assertProblem(SECTION_CONTENT, MAPS_SECTION + 4, ObjectBytes.withInt(BYTES, MAPS_SECTION + 4, 1));
        assertProblem(NAME, FIRST_MAP, ObjectBytes.withByte(BYTES, FIRST_MAP, 0));
        assertProblem(NAME, FIRST_MAP, ObjectBytes.withByte(BYTES, FIRST_MAP, ' '));
        assertProblem(NAME, FIRST_MAP + 63, ObjectBytes.withByte(BYTES, FIRST_MAP + 63, 'x'));
        assertProblem(MAP, FIRST_MAP + 64, ObjectBytes.withInt(BYTES, FIRST_MAP + 64, 99));
        assertProblem(MAP, FIRST_MAP + 64, ObjectBytes.withInt(BYTES, FIRST_MAP + 68, 8));
        assertProblem(MAP, FIRST_MAP + 64, ObjectBytes.withInt(BYTES, FIRST_MAP + 72, 65_537));
        assertProblem(MAP, FIRST_MAP + 64, ObjectBytes.withInt(BYTES, FIRST_MAP + 76, 0));
    }

    @Test
    void maps_ofTheSameName() {
        byte[] bytes = BYTES.clone();
        System.arraycopy(bytes, FIRST_MAP, bytes, FIRST_MAP + 80, 64);
        assertProblem(MAP, FIRST_MAP + 80, ObjectBytes.sealed(bytes));
    }

    @Test
    void programs_wrong() {
        assertProblem(PROGRAM, PROGRAMS_SECTION, ObjectBytes.withInt(BYTES, PROGRAMS_SECTION, 1000));
        assertProblem(UNKNOWN_HOOK, FIRST_PROGRAM, ObjectBytes.withInt(BYTES, FIRST_PROGRAM, 999));
        assertProblem(PROGRAM, FIRST_PROGRAM + 4, ObjectBytes.withInt(BYTES, FIRST_PROGRAM + 4, 1_000_001));
        assertProblem(SECTION_CONTENT, FIRST_PROGRAM + 4, ObjectBytes.withInt(BYTES, FIRST_PROGRAM + 4, 1_000_000));
        assertProblem(PROGRAM, FIRST_PROGRAM + 4, ObjectBytes.withInt(BYTES, FIRST_PROGRAM + 4, -1));
        assertProblem(LINES, FIRST_PROGRAM + 8, ObjectBytes.withInt(BYTES, FIRST_PROGRAM + 8, 5));
        assertProblem(SECTION_CONTENT, FIRST_PROGRAM + 12, ObjectBytes.withInt(BYTES, FIRST_PROGRAM + 12, 1));
        byte[] sameHook = ObjectBytes.withInt(BYTES, FIRST_LINE + 2 * 16, Hook.ON_SUBMIT.id());
        assertProblem(PROGRAM, FIRST_LINE + 2 * 16, sameHook);
    }

    @Test
    void unknownHook_messageNamesItAndTheInterface() {
        assertThat(assertProblem(UNKNOWN_HOOK, FIRST_PROGRAM, ObjectBytes.withInt(BYTES, FIRST_PROGRAM, 999)))
                .hasMessage("E0711: unknown hook: hook id=999 does not exist in interface " + AbiVersion.CURRENT
                        + " at offset=" + FIRST_PROGRAM
                        + "; compile the policy with this gbpf; docs/hooks.md lists the hooks");
    }

    @Test
    void code_wrong_isBlamedAtItsSlot() {
        byte[] bytes = ObjectBytes.withByte(BYTES, FIRST_CODE + 2 * 8, 0xff);
        assertThat(assertProblem(CODE, FIRST_CODE + 2 * 8, bytes)).hasMessageContaining("hook on_submit, pc=2:");
    }

    @Test
    void lines_wrong() {
        assertProblem(LINES, FIRST_LINE, ObjectBytes.withInt(BYTES, FIRST_LINE, 1));
        assertProblem(LINES, FIRST_LINE, ObjectBytes.withInt(BYTES, FIRST_LINE, 2));
        assertProblem(LINES, FIRST_LINE, ObjectBytes.withInt(BYTES, FIRST_LINE, -1));
        assertProblem(LINES, FIRST_LINE, ObjectBytes.withInt(BYTES, FIRST_LINE + 16, 4));
        assertProblem(LINES, FIRST_LINE, ObjectBytes.withInt(BYTES, FIRST_LINE + 4, 0));
        assertProblem(LINES, FIRST_LINE, ObjectBytes.withInt(BYTES, FIRST_LINE + 8, -1));
        assertProblem(LINES, FIRST_LINE, ObjectBytes.withInt(BYTES, FIRST_LINE + 12, 0));
    }

    @Test
    void source_wrong() {
        assertProblem(SOURCE, SOURCE_SECTION, ObjectBytes.withInt(BYTES, SOURCE_SECTION, 4097));
        assertProblem(SOURCE, SOURCE_SECTION + 4, ObjectBytes.withInt(BYTES, SOURCE_SECTION + 4, (1 << 20) + 1));
        assertProblem(SECTION_CONTENT, SOURCE_SECTION + 4, ObjectBytes.withInt(BYTES, SOURCE_SECTION + 4, 1 << 20));
        assertProblem(SOURCE, SOURCE_SECTION + 8, ObjectBytes.withByte(BYTES, SOURCE_SECTION + 8, 0xff));
        assertProblem(SOURCE, SOURCE_SECTION + 17, ObjectBytes.withByte(BYTES, SOURCE_SECTION + 17, 0xc0));
    }

    /** Whatever a length, count or offset claims, nothing is allocated for it before it is found to fit. */
    @Test
    void read_ofClaimsBeyondTheInput_allocatesLittle() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int offset = 0; offset + 4 <= BYTES.length; offset += 4) {
            for (int claim : new int[] {Integer.MAX_VALUE, 1 << 20, 1_000_000, 60_000, -1}) {
                byte[] bytes = ObjectBytes.withInt(BYTES, offset, claim);
                long before = threads.getCurrentThreadAllocatedBytes();
                try {
                    assertThat(ObjectReader.read(bytes)).isNotNull();
                } catch (ObjectFormatException refused) {
                    assertThat(refused.offset()).isNotNegative();
                }
                assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                        .as("bytes allocated with %d at offset %d", claim, offset)
                        .isLessThan(1 << 20);
            }
        }
    }

    @Test
    void exception_asDiagnostic_hasCodePlaceAndHelp() {
        Diagnostic diagnostic = assertProblem(NAME, NAME_SECTION, ObjectBytes.withByte(BYTES, NAME_SECTION, '-'))
                .toDiagnostic("fair.gbo");
        assertThat(diagnostic.code()).isEqualTo("E0708");
        assertThat(diagnostic.file()).isEqualTo("fair.gbo");
        assertThat(diagnostic.notes()).containsExactly("at byte offset=" + NAME_SECTION);
        assertThat(diagnostic.help()).isEqualTo("use letters, digits and underscores only");
    }

    private static ObjectFormatException assertProblem(ObjectProblem problem, int offset, byte[] bytes) {
        ObjectFormatException e = catchThrowableOfType(ObjectFormatException.class, () -> ObjectReader.read(bytes));
        assertThat(e).as("refused with " + problem).isNotNull();
        assertThat(e.problem()).as(e.getMessage()).isEqualTo(problem);
        assertThat(e.offset()).as(e.getMessage()).isEqualTo(offset);
        return e;
    }
}
