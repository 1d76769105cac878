package dev.gbpf.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** NVIDIA's libraries without a GPU, from {@code src/test/c}, and processes that find them in place of the real ones. */
public final class FakeLibraries {
    private static final Path SOURCES = Path.of(System.getProperty("gbpf.root", ".."), "device-plane-cuda/src/test/c");

    private final Path folder;

    /** Compiles them into a folder; skips the test where there is no gcc, or the system is not one that JCuda knows. */
    public FakeLibraries(Path folder) throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64"),
                "skipped: JCuda needs Linux on x86-64");
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/gcc")), "skipped: gcc is not installed");
        this.folder = folder;
        compile("fake_cuda.c", "libcuda.so.1");
        compile("fake_nvml.c", "libnvidia-ml.so.1");
    }

    private void compile(String source, String library) throws IOException, InterruptedException {
        List<String> command = List.of(
                "gcc",
                "-std=gnu11",
                "-O1",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-shared",
                "-fPIC",
                "-o",
                folder.resolve(library).toString(),
                SOURCES.resolve(source).toString());
        assertThat(run(command, Map.of())).isEqualTo(new Result(0, ""));
    }

    /**
     * What came of a process.
     *
     * @param code exit code
     * @param output standard output and standard error
     */
    public record Result(int code, String output) {}

    /** Runs a class in a JVM that finds the fake libraries. */
    public Result java(Map<String, String> environment, String mainClass, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                mainClass));
        command.addAll(List.of(arguments));
        return run(command, environment);
    }

    private Result run(List<String> command, Map<String, String> environment) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("LD_LIBRARY_PATH", folder.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(180, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), Files.readString(output));
    }

    /** Files that are left in the folder besides the libraries and the output. */
    public List<String> leftovers() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.endsWith(".so.1") && !name.equals("output") && !name.startsWith("hsperf"))
                    .toList();
        }
    }
}
