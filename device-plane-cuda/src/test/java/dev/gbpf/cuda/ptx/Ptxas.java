package dev.gbpf.cuda.ptx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** NVIDIA's assembler, where there is one: it says whether PTX is right, without a GPU. */
final class Ptxas {
    static final List<String> CHIPS = List.of("sm_80", "sm_90");

    private Ptxas() {}

    private static Optional<Path> find() {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/local/cuda/bin";
        return Arrays.stream(path.split(":"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "ptxas"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Skips the test where there is no assembler. */
    static void assumeAvailable() {
        Assumptions.assumeTrue(find().isPresent(), "skipped: ptxas is not here; it comes with the CUDA toolkit");
    }

    /**
     * Assembles a module for a chip, and fails with what the assembler said when it refuses or warns.
     *
     * @param folder for its files
     */
    static void check(String ptx, String chip, Path folder) {
        Path source = folder.resolve("module.ptx");
        Path log = folder.resolve("ptxas.log");
        try {
            Files.writeString(source, ptx);
            Process process = new ProcessBuilder(
                            find().orElseThrow().toString(),
                            "-arch=" + chip,
                            "-c",
                            source.toString(),
                            "-o",
                            folder.resolve("module.cubin").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(Files.readString(log, StandardCharsets.UTF_8)).as(chip).isEmpty();
            assertThat(process.exitValue()).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
