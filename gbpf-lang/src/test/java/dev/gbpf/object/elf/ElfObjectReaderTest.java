package dev.gbpf.object.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.abi.AbiVersion;
import dev.gbpf.abi.Hook;
import dev.gbpf.abi.MapKind;
import dev.gbpf.asm.Disassembler;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.isa.Instruction;
import dev.gbpf.object.DataLayout;
import dev.gbpf.object.InitialContents;
import dev.gbpf.object.LineInfo;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.object.MapTypes;
import dev.gbpf.object.ObjectReader;
import dev.gbpf.object.ObjectWriter;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Objects that clang made, committed with the script that makes them. */
class ElfObjectReaderTest {
    private static final byte[] SHARE = {
        1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 5, 0, 0, 0, 8, 0, 0, 0, 13, 0, 0, 0, 21, 0, 0, 0, 34
    };

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v2", "v3", "v4"})
    void simplePolicy_isRead(String version) {
        PolicyObject object = ElfObjectReader.read(ElfObjects.committed("least_served." + version + ".o"), "x.o");
        assertThat(object.name()).isEqualTo("least_served");
        DataLayout u32 = new DataLayout.Scalar(4, false);
        DataLayout u64 = new DataLayout.Scalar(8, false);
        assertThat(object.maps())
                .containsExactly(new MapDefinition("used", MapKind.HASH, 4, 8, 64).withTypes(new MapTypes(u32, u64)));
        assertThat(object.programs().stream().map(ProgramObject::hook))
                .containsExactly(Hook.INIT, Hook.ON_SUBMIT, Hook.ON_DISPATCH, Hook.ON_RETIRE);
        assertThat(text(object, Hook.INIT)).contains("r1 = 0x1", "r2 = 0x1", "call 0x10000", "exit");
        assertThat(text(object, Hook.ON_SUBMIT)).contains("r1 = map_by_idx(0x0)", "call 0x1", "call 0x10002");
    }

    @Test
    void version_isWhatTheHeaderWrote_orThisBuildsWhereThereIsNone() {
        assertThat(ElfObjectReader.read(ElfObjects.committed("versioned.v3.o"), "x.o")
                        .abi())
                .isEqualTo(new AbiVersion(1, 1));
        assertThat(ElfObjectReader.read(ElfObjects.committed("least_served.v3.o"), "x.o")
                        .abi())
                .isEqualTo(AbiVersion.CURRENT);
    }

    @Test
    void newerVersion_isRefusedWithBothVersionsNamed() {
        int newer = AbiVersion.CURRENT.minor() + 1;
        assertThatThrownBy(() -> ElfObjectReader.read(versioned(AbiVersion.CURRENT.major(), newer), "x.o"))
                .isInstanceOfSatisfying(
                        ElfFormatException.class, e -> assertThat(e.problem()).isEqualTo(ElfProblem.ABI_VERSION))
                .hasMessageContaining("interface 1." + newer + ", this build runs 1.0 to " + AbiVersion.CURRENT);
        assertThatThrownBy(() -> ElfObjectReader.read(versioned(AbiVersion.CURRENT.major() + 1, 0), "x.o"))
                .hasMessageContaining("interface 2.0");
        assertThatThrownBy(() -> ElfObjectReader.read(versioned(AbiVersion.CURRENT.major() - 1, 0), "x.o"))
                .hasMessageContaining("interface 0.0");
    }

    private static byte[] versioned(int major, int minor) {
        ElfImage image = new ElfImage(ElfObjects.committed("versioned.v3.o"));
        int offset = image.offset(image.section(ElfObjectReader.ABI_SECTION));
        byte[] bytes = image.bytes();
        bytes[offset] = (byte) major;
        bytes[offset + 2] = (byte) minor;
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v2", "v3", "v4"})
    void variablesAndFunctions_areLinked(String version) {
        PolicyObject object = ElfObjectReader.read(ElfObjects.committed("everything." + version + ".o"), "x.o");
        assertThat(object.maps().stream().map(MapDefinition::name))
                .containsExactly("accounts", "hits", "_data", "_rodata", "_rodata_cst32", "_bss");
        MapDefinition accounts = object.maps().get(0);
        assertThat(accounts.withoutTypes()).isEqualTo(new MapDefinition("accounts", MapKind.HASH, 4, 24, 64));
        assertThat(accounts.types()).isNotNull();
        assertThat(accounts.types().structs())
                .singleElement()
                .satisfies(s -> assertThat(s.declaration())
                        .isEqualTo("struct account { time_ns: u64 @0, jobs: u32 @8, name: bytes[12] @12 }"));
        assertThat(object.maps().get(1).withoutTypes()).isEqualTo(new MapDefinition("hits", MapKind.ARRAY, 4, 8, 16));
        assertThat(object.maps().get(2))
                .isEqualTo(new MapDefinition("_data", MapKind.ARRAY, 4, 8, 1)
                        .withInitial(InitialContents.of(new byte[] {5})));
        assertThat(object.maps().get(3).readOnly()).isTrue();
        assertThat(object.maps().get(3).initial().number(0, 4)).isEqualTo(7);
        assertThat(object.maps().get(4))
                .isEqualTo(new MapDefinition("_rodata_cst32", MapKind.ARRAY, 4, 32, 1)
                        .withInitial(InitialContents.of(SHARE))
                        .asReadOnly());
        assertThat(object.maps().get(5)).isEqualTo(new MapDefinition("_bss", MapKind.ARRAY, 4, 4, 1));
        // on_submit calls mixed, which calls scaled; on_dispatch calls first and scaled.
        assertThat(exits(object, Hook.ON_SUBMIT)).isEqualTo(3);
        assertThat(exits(object, Hook.ON_DISPATCH)).isEqualTo(3);
        for (ProgramObject program : object.programs()) {
            for (int i = 0; i < program.program().size(); i++) {
                if (program.program().get(i) instanceof Instruction.CallLocal call) {
                    int target = program.program().targetIndex(i, call.offset());
                    assertThat(target).isPositive();
                    Instruction before = program.program().get(target - 1);
                    assertThat(before).isInstanceOf(Instruction.Exit.class);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v4"})
    void lines_showTheSource(String version) {
        PolicyObject object = ElfObjectReader.read(ElfObjects.committed("least_served." + version + ".o"), "x.o");
        SourceFile source = Objects.requireNonNull(object.source());
        assertThat(source.name()).isEqualTo("./least_served.c");
        ProgramObject retire = object.program(Hook.ON_RETIRE).orElseThrow();
        List<String> words = retire.lines().stream()
                .map(line -> source.line(line.line()).substring(line.column() - 1, line.column() - 1 + line.length()))
                .toList();
        assertThat(words).contains("bpf_map_lookup_elem", "bpf_map_update_elem", "run_ns");
        assertThat(retire.lines().stream().map(LineInfo::pc)).isSorted();
    }

    @ParameterizedTest
    @ValueSource(strings = {"least_served.v1.o", "least_served.v4.o", "everything.v2.o", "everything.v3.o"})
    void object_survivesItsOwnFormat(String name) {
        PolicyObject object = ElfObjectReader.read(ElfObjects.committed(name), name);
        assertThat(ObjectReader.read(ObjectWriter.write(object))).isEqualTo(object);
    }

    private static List<String> text(PolicyObject object, Hook hook) {
        return object.program(hook).orElseThrow().program().instructions().stream()
                .map(Disassembler::text)
                .toList();
    }

    private static long exits(PolicyObject object, Hook hook) {
        return object.program(hook).orElseThrow().program().instructions().stream()
                .filter(Instruction.Exit.class::isInstance)
                .count();
    }
}
