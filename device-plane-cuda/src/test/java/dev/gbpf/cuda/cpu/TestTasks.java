package dev.gbpf.cuda.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.cuda.build.NativeBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Compiles task functions for the CPU, as an application does. */
public final class TestTasks {
    private static final Path MODULE = Path.of(System.getProperty("gbpf.root", ".."), "device-plane-cuda");

    private TestTasks() {}

    /** The functions of {@code test_tasks.cu}; skips the test where there is no code for the CPU. */
    public static Path compile(Path folder) throws IOException, InterruptedException {
        return compile(MODULE.resolve("src/test/cuda/tasks/test_tasks.cu"), folder);
    }

    /** A shared library of a source. */
    public static Path compile(Path source, Path folder) throws IOException, InterruptedException {
        NativeBuild build = NativeBuild.current();
        Assumptions.assumeTrue(
                build.cpu().built(), () -> "skipped: " + build.cpu().detail());
        Path sources = MODULE.resolve("src/main/cuda");
        Path library = folder.resolve("libtasks.so");
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(List.of(
                        System.getenv().getOrDefault("CXX", "g++"),
                        "-std=c++20",
                        "-O1",
                        "-Wall",
                        "-Wextra",
                        "-Werror",
                        "-shared",
                        "-fPIC",
                        "-I" + sources,
                        "-I" + sources.resolve("include"),
                        "-o",
                        library.toString(),
                        "-x",
                        "c++",
                        source.toString()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(process.waitFor(180, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
        return library;
    }
}
