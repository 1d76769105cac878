package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.cli.Cli.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands that ask a daemon, which runs here. */
@Timeout(60)
class DaemonCommandsTest {
    @TempDir
    Path folder;

    private LocalDaemon daemon;

    @BeforeEach
    void start() throws Exception {
        daemon = new LocalDaemon(folder);
    }

    @AfterEach
    void stop() throws Exception {
        daemon.close();
    }

    private Result run(String... arguments) {
        return new Cli(folder)
                .environment(Map.of("XDG_RUNTIME_DIR", folder.resolve("run").toString()))
                .run(arguments);
    }

    private String ok(String... arguments) {
        Result result = run(arguments);
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        return result.out();
    }

    @Test
    void policies_areLoadedSwappedAndUnloaded() throws Exception {
        Files.writeString(folder.resolve("good.gbpf"), Policies.GOOD);
        assertThat(ok("policy", "list")).isEqualTo("id  name  tag  decides  worst case  loaded by\n");
        assertThat(ok("policy", "load", "good.gbpf", "oldest"))
                .matches("good: id 1, tag [0-9a-f]{16}\noldest: id 2, tag [0-9a-f]{16}\n");
        assertThat(ok("policy", "load", "good.gbpf")).endsWith(", was loaded already\n");
        assertThat(ok("policy", "swap", "2")).startsWith("bypass > oldest (start): ");
        assertThat(ok("policy", "swap", "newest")).startsWith("oldest > newest (swap): ");
        assertThat(ok("policy", "list")).containsPattern("3 +newest +[0-9a-f]{16} +yes ");
        assertThat(ok("policy", "show", "newest"))
                .containsPattern("newest, id 3, tag [0-9a-f]{16}, decides")
                .containsPattern("on_submit +\\d+ +\\d+ +16,384 +\\d+ +[0-9,]+  (interpreter|jit)\n");
        assertThat(ok("policy", "show")).startsWith("newest, id 3, ");
        assertThat(ok("policy", "show", "good")).containsPattern("on_dispatch .* -  -\n");
        assertThat(ok("policy", "rollback")).startsWith("newest > oldest (rollback): ");
        assertThat(ok("policy", "unload", "oldest")).endsWith("unloaded; the plane is in bypass\n");
        assertThat(ok("policy", "history").lines())
                .hasSize(4)
                .last()
                .asString()
                .contains("newest > oldest (rollback): ", "; unloaded: unload");
        assertThat(ok("policy", "list", "--library")).contains("the job that came last runs first");
        assertThat(ok("-j", "policy", "swap", "good.gbpf"))
                .startsWith("{\"event\":\"activated\",\"reason\":\"swap\",")
                .contains("\"from\":\"bypass\",\"to\":\"good\"");
    }

    @Test
    void swap_withWait_showsThePlaneBeforeAndAfter() {
        assertThat(ok("policy", "swap", "oldest", "--wait", "1").lines())
                .hasSize(3)
                .satisfiesExactly(
                        before -> assertThat(before).contains("bypass", "queued", "chat", "training"),
                        swap -> assertThat(swap).startsWith("bypass > oldest (start)"),
                        after -> assertThat(after).contains("oldest", "/s", "p99"));
    }

    @Test
    void trial_withWait_isShownToItsEnd() {
        ok("policy", "swap", "oldest");
        assertThat(ok("policy", "swap", "newest", "--mode", "canary", "--share", "50%", "--for", "2s", "--wait")
                        .lines())
                .satisfies(lines -> {
                    assertThat(lines.get(1)).startsWith("newest beside oldest, canary with 50 % by job: running");
                    assertThat(lines.getLast())
                            .startsWith("newest beside oldest, canary with 50 % by job: promoted, ")
                            .contains("newest sent", "oldest sent");
                });
        ok("policy", "swap", "oldest", "--mode", "shadow", "--then", "drop", "--for", "1h", "--guard", "errors=5");
        assertThat(ok("policy", "drop")).startsWith("oldest beside newest, shadow: dropped, a command");
        assertThat(run("policy", "promote").code()).isEqualTo(15);
        assertThat(run("policy", "swap", "oldest", "--share", "0.5").code()).isEqualTo(2);
        assertThat(run("policy", "swap", "oldest", "--mode", "canary", "--share", "3")
                        .err())
                .startsWith("gbpf: error: --share 3 is not in 0.001..0.999\n");
        assertThat(run("policy", "swap", "oldest", "--mode", "canary", "--for", "soon")
                        .code())
                .isEqualTo(2);
    }

    @Test
    void errors_haveTheirExitCodes() {
        assertThat(run("policy", "swap", "nonesuch")).isEqualTo(new Result(15, "", """
                        gbpf: error: no policy nonesuch is loaded, and the library has none
                          help: gbpf policy list --library has the library's; a file needs its suffix
                        """));
        assertThat(run("policy", "swap", "oldset")).isEqualTo(new Result(15, "", """
                        gbpf: error: no policy oldset is loaded, and the library has none
                          help: did you mean oldest?
                        """));
        assertThat(run("policy", "show")).isEqualTo(new Result(15, "", """
                        gbpf: error: no policy decides: the plane is in bypass
                          help: gbpf policy swap POLICY
                        """));
        assertThat(run("policy", "rollback").code()).isEqualTo(15);
        assertThat(run("policy", "load", "nonesuch").code()).isEqualTo(3);
        assertThat(run("top", "--interval", "10")).isEqualTo(new Result(2, "", """
                        gbpf: error: --interval 10 is not in 50..60000
                        """));
        assertThat(run("-j", "policy", "unload", "x").out()).startsWith("{\"error\":{\"exitCode\":15,");
        assertThat(run("daemon")).satisfies(r -> {
            assertThat(r.code()).isEqualTo(16);
            assertThat(r.err())
                    .contains(
                            "another daemon, process " + ProcessHandle.current().pid() + ", serves ");
        });
    }

    @Test
    void daemon_thatCannotMakeItsRecords_saysWhy() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        Result result =
                run("daemon", "--socket", folder.resolve("other").resolve("s").toString(), "--state", file.toString());
        assertThat(result).isEqualTo(new Result(16, "", """
                        gbpf: error: cannot make the directory %s for records: something of that name is there; name another place: --state DIR
                        """.formatted(file)));
    }

    @Test
    void withoutDaemon_eachSaysSo() {
        for (List<String> command : List.of(
                List.of("policy", "swap", "fifo"),
                List.of("policy", "load", "oldest"),
                List.of("policy", "history"),
                List.of("policy", "list", "--socket", folder.resolve("none").toString()))) {
            Result result = new Cli(folder)
                    .environment(Map.of("GBPF_SOCKET", folder.resolve("none").toString()))
                    .run(command.toArray(new String[0]));
            assertThat(result).isEqualTo(new Result(13, "", """
                            gbpf: error: no daemon answers at %s: there is no socket
                              help: start one: gbpf daemon
                            """.formatted(folder.resolve("none"))));
        }
    }

    @Test
    void record_ofASimulatedDevice_isRefused_andWritesNothing() {
        Result result = run("record", "--out", "a.gbrec", "--seconds", "0.1");
        assertThat(result.code()).isEqualTo(15);
        assertThat(result.err()).contains("this daemon has no applications to record");
        assertThat(folder.resolve("a.gbrec")).doesNotExist();
        assertThat(run("record", "--out", "a.gbrec", "--seconds", "0").err()).contains("is not in 0.01..600");
        assertThat(run("record", "--out", "no/a.gbrec").code()).isEqualTo(9);
    }
}
