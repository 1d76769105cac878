package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.cli.Cli.Result;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code gbpf exec} in processes of its own, which it replaces, with a library that does nothing. */
@Timeout(120)
class ExecCommandTest {
    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    @BeforeAll
    static void build() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/gcc")), "skipped: gcc is not installed");
        Path source = Files.writeString(shared.resolve("empty.c"), "int gbpf_cuda_nothing;\n");
        Path library = shared.resolve("classes/dev/gbpf/host/native/libgbpf_cuda.so");
        Files.createDirectories(library.getParent());
        Process gcc = new ProcessBuilder("gcc", "-shared", "-fPIC", "-o", "" + library, "" + source)
                .inheritIO()
                .start();
        assertThat(gcc.waitFor()).isZero();
    }

    private ProcessBuilder exec(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                shared.resolve("classes") + File.pathSeparator + System.getProperty("java.class.path"),
                GbpfMain.class.getName(),
                "exec",
                "--socket",
                folder.resolve("none").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("XDG_CACHE_HOME", folder.resolve("cache").toString());
        builder.environment().put("LC_ALL", "C");
        return builder;
    }

    private Result run(ProcessBuilder builder) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process =
                builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        process.getOutputStream().close();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    @Test
    void program_hasItsArgumentsAndItsEnvironment_andItsExitStatusIsItsOwn() throws Exception {
        Path program = Files.writeString(folder.resolve("program"), """
                #!/bin/sh
                for word in "$@"; do printf '%s|' "$word"; done; echo
                echo "$LD_PRELOAD $GBPF_TENANT $GBPF_CLASS $GBPF_ATTACH"
                ls -l /proc/self/fd
                grep SigBlk /proc/self/status
                exit 42
                """);
        ProcessBuilder builder = exec(
                "--tenant",
                "chat",
                "--class",
                "latency",
                "sh",
                program.toString(),
                "--json",
                "a b",
                "",
                "@none",
                "grün");
        builder.environment().put("LD_PRELOAD", "/nonexistent/other.so");
        Result result = run(builder);
        List<String> lines = result.out().lines().toList();
        assertThat(lines.getFirst()).isEqualTo("--json|a b||@none|grün|");
        assertThat(lines.get(1))
                .matches(folder.resolve("cache/gbpf/libgbpf_cuda-")
                        + "[0-9a-f]{16}\\.so:/nonexistent/other\\.so chat latency " + folder.resolve("none.attach"));
        assertThat(result.out()).contains("SigBlk:\t0000000000000000").doesNotContain(".jar", "/modules", "classes");
        assertThat(result.code()).isEqualTo(42);
        assertThat(result.err()).contains("no daemon at " + folder.resolve("none.attach") + ": sh runs without policy");
    }

    @Test
    void sharesOfSms_areToldToMps_whereItRuns() throws Exception {
        String show = "echo \"$CUDA_MPS_ACTIVE_THREAD_PERCENTAGE,$CUDA_MPS_CLIENT_PRIORITY\"";
        Path pipes = Files.createDirectory(folder.resolve("pipes"));
        ProcessBuilder without = exec("--tenant", "train", "--sm-percent", "60", "sh", "-c", show);
        without.environment().put("CUDA_MPS_PIPE_DIRECTORY", pipes.toString());
        Result none = run(without);
        assertThat(none.out()).isEqualTo(",\n");
        assertThat(none.err()).contains("no MPS at " + pipes + ": --sm-percent 60 has no effect");
        Files.createFile(pipes.resolve("control"));
        ProcessBuilder best = exec("--tenant", "train", "--sm-percent", "60", "sh", "-c", show);
        best.environment().put("CUDA_MPS_PIPE_DIRECTORY", pipes.toString());
        Result shared = run(best);
        assertThat(shared.out()).isEqualTo("60,1\n");
        assertThat(shared.err()).doesNotContain("MPS");
        ProcessBuilder latency = exec("--tenant", "chat", "--class", "latency", "sh", "-c", show);
        latency.environment().put("CUDA_MPS_PIPE_DIRECTORY", pipes.toString());
        assertThat(run(latency).out()).isEqualTo(",\n");
    }

    @Test
    void partition_isToldToTheLibrary() throws Exception {
        String show = "echo \"$GBPF_SMS\"";
        assertThat(run(exec("--tenant", "train", "--sms", "96-131", "sh", "-c", show))
                        .out())
                .isEqualTo("96-131\n");
        assertThat(run(exec("--tenant", "train", "--sms", "64", "sh", "-c", show))
                        .out())
                .isEqualTo("0-63\n");
        assertThat(run(exec("--tenant", "train", "sh", "-c", show)).out()).isEqualTo("\n");
    }

    @Test
    void program_thatIsKilled_isKilledBySignal() throws Exception {
        Process process = exec("--tenant", "chat", "--", "sh", "-c", "echo $$; exec sleep 100")
                .redirectError(folder.resolve("err").toFile())
                .start();
        byte[] pid = new byte[32];
        int read = process.getInputStream().read(pid);
        assertThat(new String(pid, 0, read, StandardCharsets.US_ASCII).trim()).isEqualTo("" + process.pid());
        process.destroy();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(128 + 15);
    }

    @Test
    void program_thatIsNotThereOrNotExecutable_isToldAsShellsDo() throws Exception {
        Result missing = run(exec("--tenant", "chat", "--", "gbpf-no-such-program"));
        assertThat(missing.code()).isEqualTo(127);
        assertThat(missing.err()).contains("gbpf: error: gbpf-no-such-program: no such file or directory");
        Path data = Files.writeString(folder.resolve("data"), "no program");
        Result denied = run(exec("--tenant", "chat", "--", data.toString()));
        assertThat(denied.code()).isEqualTo(126);
        assertThat(denied.err()).contains("permission denied");
        try (Stream<Path> files = Files.list(folder.resolve("cache/gbpf"))) {
            assertThat(files).as("one library, and nothing half-written").hasSize(1);
        }
    }

    @Test
    void commandLine_thatIsWrong_saysWhat() {
        Cli cli = new Cli(folder).environment(Map.of("HOME", folder.toString()));
        assertThat(cli.run("exec", "--", "true").err()).contains("--tenant");
        assertThat(cli.run("exec", "--tenant", "a").code()).isEqualTo(2);
        assertThat(cli.run("exec", "--tenant", "a".repeat(64), "true").err()).contains("no name of 1 to 63 bytes");
        assertThat(cli.run("exec", "--tenant", "a", "--class", "urgent", "true").err())
                .contains("'urgent' is no class, expected best-effort or latency");
        assertThat(cli.run("exec", "--tenant", "a", "--sm-percent", "0", "true").err())
                .contains("--sm-percent is not from 1 to 100: 0");
        assertThat(cli.run("exec", "--tenant", "a", "--sms", "8", "--sm-percent", "60", "true")
                        .err())
                .contains("--sms and --sm-percent exclude each other");
        assertThat(cli.run("exec", "--tenant", "a", "--sms", "9-3", "true").err())
                .contains("'9-3' is no part of the SMs, expected COUNT or FIRST-LAST");
        assertThat(new Cli(folder).run("exec", "--tenant", "a", "true").err()).contains("set XDG_CACHE_HOME or HOME");
        assertThat(new Cli(folder)
                        .environment(Map.of("HOME", "/home/a b"))
                        .run("exec", "--tenant", "a", "true")
                        .err())
                .contains("LD_PRELOAD cannot name");
    }
}
