package dev.gbpf.host.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Power cuts by a file layer that drops and tears what was not synchronised. {@code -Dgbpf.long=true} makes 10,000 cuts. */
class PowerCutTest {
    private static final int CUTS = Boolean.getBoolean("gbpf.long") ? 10_000 : 25;
    private static final List<String> COMPILERS = List.of("cc", "clang-19", "gcc");

    @TempDir
    private Path directory;

    @Test
    void powerCuts_loseNothingThatWasAcknowledged() throws Exception {
        Outcome outcome = run(CUTS, "EXTRA");
        assertThat(outcome.output()).contains("cuts=" + CUTS).doesNotContain("acknowledged=0 ");
        assertThat(outcome.code()).isZero();
    }

    @Test
    void storeThatDoesNotSynchronise_isFoundOut() throws Exception {
        Outcome outcome = run(25, "OFF");
        assertThat(outcome.output()).contains("AssertionError");
        assertThat(outcome.code()).isEqualTo(1);
    }

    private record Outcome(int code, String output) {}

    private Outcome run(int cuts, String synchronous) throws IOException, InterruptedException {
        Path library = directory.resolve("libpower_cut.so");
        Assumptions.assumeTrue(compile(library), "skipped: no C compiler here");
        Path files = Files.createDirectory(directory.resolve("files"));
        ProcessBuilder builder = ChildProcess.of(
                PowerCutRun.class, library.toString(), files.toString(), "1", Integer.toString(cuts), synchronous);
        builder.environment().put("LD_PRELOAD", library.toString());
        builder.environment().put("POWER_CUT_DIR", files.toString());
        Path output = directory.resolve("output");
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(2, TimeUnit.HOURS)).isTrue();
        return new Outcome(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    }

    private static boolean compile(Path library) throws IOException, InterruptedException {
        Path source = Path.of("src/test/c/power_cut.c");
        for (String compiler : COMPILERS) {
            try {
                Process process = new ProcessBuilder(
                                compiler,
                                "-O1",
                                "-shared",
                                "-fPIC",
                                "-o",
                                library.toString(),
                                source.toString(),
                                "-ldl")
                        .inheritIO()
                        .start();
                if (process.waitFor() == 0) {
                    return true;
                }
            } catch (IOException _) {
                // This one is not installed; the next may be.
            }
        }
        return false;
    }
}
