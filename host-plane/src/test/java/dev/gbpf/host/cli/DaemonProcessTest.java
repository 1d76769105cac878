package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.cli.Cli.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A daemon in a process of its own, which is killed. */
@Timeout(120)
class DaemonProcessTest {
    @TempDir
    Path folder;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void end() {
        processes.forEach(Process::destroyForcibly);
    }

    private Process start() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        GbpfMain.class.getName(),
                        "daemon",
                        "--socket",
                        socket().toString(),
                        "--state",
                        folder.resolve("state").toString(),
                        "--policy",
                        "oldest")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
        processes.add(process);
        while (run("policy", "history").code() != 0) {
            assertThat(process.isAlive()).as(Files.readString(log())).isTrue();
            Thread.sleep(20);
        }
        return process;
    }

    private Path log() {
        return folder.resolve("log");
    }

    private Path socket() {
        return folder.resolve("run/s");
    }

    private Result run(String... arguments) {
        return new Cli(folder)
                .environment(Map.of("GBPF_SOCKET", socket().toString()))
                .run(arguments);
    }

    @Test
    void daemon_thatWasKilled_leavesNoHarm_andOneThatIsToldToStop_stopsInOrder() throws Exception {
        Process killed = start();
        assertThat(run("policy", "swap", "newest").err()).isEmpty();
        killed.destroyForcibly();
        killed.waitFor();
        assertThat(socket()).exists();
        assertThat(run("policy", "history").code()).isEqualTo(13);

        Process second = start();
        assertThat(run("policy", "list").out())
                .containsPattern("1 +oldest .* yes ")
                .doesNotContain("newest");
        second.destroy();
        assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isZero();
        assertThat(socket()).doesNotExist();
        assertThat(Files.readString(log())).endsWith("stopped\n");
    }
}
