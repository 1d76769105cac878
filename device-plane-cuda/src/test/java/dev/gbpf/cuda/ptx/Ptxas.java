package dev.gbpf.cuda.ptx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** NVIDIA's assembler, where there is one: it says whether PTX is right, without a GPU. */
final class Ptxas {
    static final List<String> CHIPS = List.of("sm_80", "sm_90");

    private Ptxas() {}

    private static Optional<Path> find(String tool) {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/local/cuda/bin";
        return Arrays.stream(path.split(":", -1))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, tool))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Skips the test where there is no assembler and linker. */
    static void assumeAvailable() {
        Assumptions.assumeTrue(
                find("ptxas").isPresent() && find("nvlink").isPresent(),
                "skipped: ptxas and nvlink are not here; they come with the CUDA toolkit");
    }

    /**
     * Assembles a module for a chip, and fails with what the assembler said when it refuses or warns.
     *
     * @param folder for its files
     * @return the machine code, not linked
     */
    static Path assemble(String ptx, String chip, Path folder) {
        try {
            Path source = Files.writeString(folder.resolve("module.ptx"), ptx);
            Path cubin = folder.resolve("module.cubin");
            run(folder, "ptxas", "-arch=" + chip, "-c", source.toString(), "-o", cubin.toString());
            return cubin;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Links what was assembled, as the driver does. */
    static byte[] link(Path cubin, String chip, Path folder) {
        try {
            Path linked = folder.resolve("linked.cubin");
            run(folder, "nvlink", "-arch=" + chip, cubin.toString(), "-o", linked.toString());
            return Files.readAllBytes(linked);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void run(Path folder, String tool, String... arguments) throws IOException {
        Path log = folder.resolve("log");
        List<String> command = new ArrayList<>(List.of(arguments));
        command.addFirst(find(tool).orElseThrow().toString());
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        assertThat(Files.readString(log, StandardCharsets.UTF_8)).as(tool).isEmpty();
        assertThat(process.exitValue()).as(tool).isZero();
    }
}
