package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.cli.Cli.Result;
import dev.gbpf.host.device.Check;
import dev.gbpf.host.device.Check.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code gbpf doctor}, in the module that knows the simulated device only. */
class DoctorCommandTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    private Result run(String... arguments) {
        return new Cli(directory)
                .environment(
                        Map.of("GBPF_SOCKET", directory.resolve("run/gbpf.sock").toString()))
                .run(arguments);
    }

    @Test
    void doctor_checksInOrderAndSumsUp() {
        Result result = run("doctor");
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .containsPattern(
                        "(?s)^ok    java .*\nwarn  build .*\n +help: start it as gbpf.*\nok    simulated device .*"
                                + "\n(ok    library for CUDA applications .*comes with this build"
                                + "|warn  library for CUDA applications .*)"
                                + "\nok    daemon's socket .*: no daemon runs, and one may"
                                + "\nok    socket for applications .*: no daemon for applications runs .*"
                                + "\n(5 ok, 1 warning|4 ok, 2 warnings), 0 failures\n$");
    }

    @Test
    void doctor_inJson_hasTheSame() {
        JsonNode document = new JsonMapper().readTree(run("doctor", "--json").out());
        assertThat(document.path("result").asString()).isEqualTo("warn");
        assertThat(document.path("checks").size()).isEqualTo(6);
        JsonNode build = document.path("checks").get(1);
        assertThat(build.path("name").asString()).isEqualTo("build");
        assertThat(build.path("state").asString()).isEqualTo("warn");
        assertThat(build.path("help").asString()).isNotEmpty();
        assertThat(document.path("checks").get(0).has("help")).isFalse();
    }

    @Test
    void doctor_whenAGpuIsWanted_fails() {
        Result result = run("doctor", "--gpu");
        assertThat(result.code()).isEqualTo(ExitCode.ENVIRONMENT.number());
        assertThat(result.out()).containsPattern("fail  GPU wanted +none can be used\n");
    }

    @Test
    void socket_isCheckedForWhoServesItAndWhoMay() throws Exception {
        assertThat(InstallationChecks.socket(directory.resolve("a/b/gbpf.sock")).state())
                .isEqualTo(State.OK);
        Path file = Files.createFile(directory.resolve("stale.sock"));
        Check stale = InstallationChecks.socket(file);
        assertThat(stale.state()).isEqualTo(State.WARN);
        assertThat(stale.found()).contains("no daemon answers");
        assertThat(InstallationChecks.socket(file.resolve("gbpf.sock")).state()).isEqualTo(State.WARN);
        try (LocalDaemon _ = new LocalDaemon(directory)) {
            Check served = InstallationChecks.socket(directory.resolve("run/gbpf.sock"));
            assertThat(served.state()).isEqualTo(State.OK);
            assertThat(served.found()).contains("a daemon answers, and gives you the role ");
        }
    }

    @Test
    void manual_tellsOfTheStates() throws IOException {
        String page = Files.readString(Path.of(System.getProperty("gbpf.root", ".."), "docs", "device.md"));
        for (State state : State.values()) {
            assertThat(page).contains("`" + state.word() + "`");
        }
    }

    @Test
    void partitions_thatDoNotConfineAll_areExplained() {
        assertThat(InstallationChecks.lever("partition", Map.of("works", 2)))
                .isEqualTo(Check.ok("lever partition", "works in 2 applications"));
        assertThat(InstallationChecks.lever("partition", Map.of("partly", 1)))
                .isEqualTo(
                        Check.ok(
                                "lever partition",
                                "partly in 1 application: default streams, blocking ones, and those made before the partition was set have all SMs"));
        assertThat(InstallationChecks.lever("partition", Map.of("absent", 1)))
                .isEqualTo(Check.ok("lever partition", "absent in 1 application: the driver has no green contexts"));
        assertThat(InstallationChecks.lever("partition", Map.of("no-effect", 1)).state())
                .isEqualTo(State.WARN);
        assertThat(InstallationChecks.lever("gate", Map.of("absent", 1)))
                .isEqualTo(Check.ok("lever gate", "absent in 1 application"));
    }
}
