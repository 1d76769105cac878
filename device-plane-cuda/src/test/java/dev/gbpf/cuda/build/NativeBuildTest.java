package dev.gbpf.cuda.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.cuda.build.NativeBuild.Match;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What the build says that it holds is there, and what it lacks it explains. */
class NativeBuildTest {
    private static final int FATBIN_MAGIC = 0xBA55ED50;

    @Test
    void skippedParts_areRefusedWithTheReason() {
        NativeBuild build = read("""
                cpu.state=skipped
                cpu.reason=g++ was not found when gBPF was built; install g++ 11 or later
                cuda.state=skipped
                cuda.reason=nvcc was not found
                """);
        assertThat(build.programs()).isEmpty();
        assertThatThrownBy(build::cpuLibrary)
                .isInstanceOf(NativeBuildException.class)
                .hasMessage("the device plane's code for the CPU is not in this build:"
                        + " g++ was not found when gBPF was built; install g++ 11 or later");
        assertThatThrownBy(() -> build.fatBinary("probe")).hasMessageEndingWith(": nvcc was not found");
        assertThatThrownBy(() -> build.linkableFatBinary("probe")).hasMessageEndingWith(": nvcc was not found");
        assertThat(build.match(9, 0)).isEqualTo(Match.NONE);
    }

    @Test
    void buildThatWasNotRun_isSaid() {
        assertThat(read("").cpu().detail()).contains("build-native.sh did not run");
        assertThat(read("").cuda().built()).isFalse();
    }

    @Test
    void match_isByGenerationThenByPtx() {
        NativeBuild build = read("cuda.state=built\ncuda.compiler=nvcc\ncuda.targets=80 90\ncuda.ptx=90\n");
        assertThat(build.targets()).isEqualTo(List.of(80, 90));
        assertThat(build.match(7, 5)).isEqualTo(Match.NONE);
        assertThat(build.match(8, 0)).isEqualTo(Match.MACHINE_CODE);
        assertThat(build.match(8, 9)).isEqualTo(Match.MACHINE_CODE);
        assertThat(build.match(9, 0)).isEqualTo(Match.MACHINE_CODE);
        assertThat(build.match(10, 0)).isEqualTo(Match.PTX);
        assertThat(build.match(12, 1)).isEqualTo(Match.PTX);
    }

    @Test
    void moduleThatIsNotThere_isNamed() {
        NativeBuild build = read("cuda.state=built\ncuda.compiler=nvcc\n");
        assertThatThrownBy(() -> build.fatBinary("nothing"))
                .hasMessageContaining("nothing.fatbin is not in this build");
    }

    @Test
    void cpuLibrary_isAnElfLibrary() {
        NativeBuild build = NativeBuild.current();
        Assumptions.assumeTrue(
                build.cpu().built(), () -> "skipped: " + build.cpu().detail());
        assertThat(build.cpuLibrary()).startsWith(0x7f, 'E', 'L', 'F');
    }

    @Test
    void fatBinaries_areAllThere() {
        NativeBuild build = NativeBuild.current();
        Assumptions.assumeTrue(
                build.cuda().built(), () -> "skipped: " + build.cuda().detail());
        assertThat(build.programs()).containsExactly("probe");
        assertThat(build.linked()).containsExactly("control_kernel", "bench_tasks");
        assertThat(build.match(8, 0)).isEqualTo(Match.MACHINE_CODE);
        assertThat(build.match(9, 0)).isEqualTo(Match.MACHINE_CODE);
        assertThat(build.match(10, 0)).isEqualTo(Match.PTX);
        build.programs()
                .forEach(program -> assertThat(magic(build.fatBinary(program))).isEqualTo(FATBIN_MAGIC));
        build.linked()
                .forEach(
                        part -> assertThat(magic(build.linkableFatBinary(part))).isEqualTo(FATBIN_MAGIC));
    }

    private static int magic(byte[] image) {
        return ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN).getInt(0);
    }

    private static NativeBuild read(String text) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return NativeBuild.of(properties);
    }
}
