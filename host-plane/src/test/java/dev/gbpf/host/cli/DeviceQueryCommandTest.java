package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.cli.Cli.Result;
import dev.gbpf.host.device.DeviceField;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gbpf device} without a daemon and without a GPU: this module knows the simulated device only. */
class DeviceQueryCommandTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    private Result run(String... arguments) {
        return new Cli(directory)
                .environment(
                        Map.of("GBPF_SOCKET", directory.resolve("none.sock").toString()))
                .run(arguments);
    }

    @Test
    void query_printsCsvWithUnits() {
        assertThat(run("device", "query").out()).isEqualTo("""
                index, kind, name, compute_cap, sms, memory.total [MiB]
                sim0, simulated, h200, [N/A], 132, 142336 MiB
                """);
        assertThat(run("device", "query", "--query-gpu=sms,memory.total", "--format=csv,noheader,nounits")
                        .out())
                .isEqualTo("132, 142336\n");
    }

    @Test
    void query_inJson_leavesOutWhatIsNotKnown() {
        assertThat(run("-j", "device", "query", "--query-gpu", "name,uuid,sms").out())
                .isEqualTo("[{\"name\":\"h200\",\"sms\":\"132\"}]\n");
    }

    @Test
    void query_inALoop_printsTheHeaderOnce() {
        assertThat(run("device", "query", "--query-gpu=index", "-l", "1", "-n", "2")
                        .out())
                .isEqualTo("index\nsim0\nsim0\n");
    }

    @Test
    void query_ofOneDevice_isThatDeviceOnly() {
        assertThat(run("device", "query", "-i", "sim0", "--query-gpu=name", "--format=csv,noheader")
                        .out())
                .isEqualTo("h200\n");
        Result none = run("device", "query", "-i", "0,GPU-12345678");
        assertThat(none.code()).isEqualTo(ExitCode.REFUSED.number());
        assertThat(none.err()).contains("there is no device 0, GPU-12345678");
    }

    @Test
    void wrongArguments_areExplained() {
        Result field = run("device", "query", "--query-gpu=name,colour");
        assertThat(field.code()).isEqualTo(ExitCode.USAGE.number());
        assertThat(field.err()).contains("colour", "--help-fields");
        assertThat(run("device", "query", "--format=xml").code()).isEqualTo(ExitCode.USAGE.number());
        assertThat(run("device", "query", "-l", "0").code()).isEqualTo(ExitCode.USAGE.number());
        assertThat(run("device", "query", "-l", "1", "-n", "0").code()).isEqualTo(ExitCode.USAGE.number());
    }

    @Test
    void list_withoutADaemon_saysSo() {
        assertThat(run("device", "list").out())
                .isEqualTo("no daemon runs, and there is no GPU; gbpf doctor tells more\n");
        assertThat(run("-j", "device", "list").out()).isEqualTo("[]\n");
        assertThat(run("device", "list", "--socket", "nowhere.sock").code()).isEqualTo(ExitCode.NO_DAEMON.number());
    }

    @Test
    void fields_areListedHereAndInTheManual() throws IOException {
        String list = run("device", "query", "--help-fields").out();
        String page = Files.readString(Path.of(System.getProperty("gbpf.root", ".."), "docs", "device.md"));
        for (DeviceField field : DeviceField.values()) {
            assertThat(list).contains(field.text(), field.doc());
            assertThat(page).contains("| `" + field.text() + "` | " + field.unit() + " | " + field.doc() + " |\n");
        }
    }
}
