package dev.gbpf.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Runs commands as a user of a fresh checkout would, in a folder of its own in which {@code ./gbpf} is the launcher. */
final class Shell {
    private static final long TIMEOUT_MINUTES = 5;

    private final Path folder;

    /** What a script printed and how it ended. */
    record Result(int exitCode, String output) {}

    Shell(Path folder) throws IOException {
        this.folder = folder;
        Path root = Path.of(System.getProperty("gbpf.root"));
        Files.createSymbolicLink(folder.resolve("gbpf"), root.resolve("gbpf"));
    }

    /** Runs a script; its standard output and error come back together. */
    Result run(String script) throws IOException, InterruptedException {
        Path log = Files.createTempFile(folder, "output", ".log");
        ProcessBuilder builder = new ProcessBuilder("bash", "-e", "-c", script)
                .directory(folder.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        // The distribution was made by the build that runs this test.
        builder.environment().put("GBPF_BUILD", "never");
        builder.environment().put("GBPF_JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        boolean ended = process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES);
        if (!ended) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        String output = Files.readString(log, StandardCharsets.UTF_8);
        Files.delete(log);
        assertThat(ended)
                .as("ended within %d minutes: %s%n%s", TIMEOUT_MINUTES, script, output)
                .isTrue();
        return new Result(process.exitValue(), output);
    }
}
