package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.cli.Cli.Result;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandRunnerTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    @Test
    void help_givesUsageOnStandardOutput() {
        Result result = cli().run("--help");
        assertThat(result.code()).isZero();
        assertThat(result.out()).startsWith("Usage: gbpf").contains("Commands:");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void version_namesGbpfAndTheAbi() {
        assertThat(cli().run("--version").out()).startsWith("gbpf ").contains("ABI 1.");
    }

    @Test
    void noCommand_isAWrongCommandLine() {
        Result result = cli().run();
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .startsWith("gbpf: error: gbpf needs a command\n  help: one of ")
                .endsWith("; see gbpf --help\n");
    }

    @Test
    void unknownCommand_suggestsTheNearest() {
        Result result = cli().run("completoin");
        assertThat(result).isEqualTo(new Result(2, "", """
                        gbpf: error: gbpf has no command completoin
                          help: did you mean completion? see gbpf --help
                        """));
    }

    @Test
    void unknownCommandFarFromAny_suggestsNothing() {
        assertThat(cli().run("xyzzy").err()).contains("no command xyzzy").doesNotContain("did you mean");
    }

    @Test
    void unknownOption_suggestsTheNearest() {
        Result result = cli().run("completion", "--colour=never");
        assertThat(result).isEqualTo(new Result(2, "", """
                        gbpf: error: gbpf completion has no option --colour=never
                          help: did you mean --color? see gbpf completion --help
                        """));
    }

    @Test
    void badOptionValue_saysWhatIsAllowed() {
        Result result = cli().run("completion", "--color", "purple");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("--color", "'purple' is not one of auto, always, never");
    }

    @Test
    void furtherArgument_isRefused() {
        assertThat(cli().run("completion", "zsh").err()).contains("gbpf completion takes no further argument: zsh");
    }

    @Test
    void errorWithJson_isAnObjectOnStandardOutput() {
        Result result = cli().run("--json", "completion", "zsh");
        assertThat(result)
                .isEqualTo(new Result(
                        2,
                        "{\"error\":{\"exitCode\":2,\"message\":\"gbpf completion takes no further argument: zsh\","
                                + "\"help\":\"see gbpf completion --help\"}}\n",
                        ""));
    }

    @Test
    void help_isColouredOnlyWhereItMayBe() {
        assertThat(cli().run("--help").out()).doesNotContain("\u001b[");
        assertThat(cli().terminal(Map.of()).run("--help").out()).contains("\u001b[");
        assertThat(cli().terminal(Map.of("NO_COLOR", "1")).run("--help").out()).doesNotContain("\u001b[");
        assertThat(cli().terminal(Map.of("TERM", "dumb")).run("--help").out()).doesNotContain("\u001b[");
        assertThat(cli().terminal(Map.of()).run("--color=never", "--help").out())
                .doesNotContain("\u001b[");
        assertThat(cli().run("--color=always", "--help").out()).contains("\u001b[");
    }

    @Test
    void brokenPipe_endsQuietly() {
        Result result = runInto("Broken pipe");
        assertThat(result).isEqualTo(new Result(141, "", ""));
    }

    @Test
    void fullDisk_isAnError() {
        Result result = runInto("No space left on device");
        assertThat(result)
                .isEqualTo(new Result(9, "", "gbpf: error: cannot write standard output: No space left on device\n"));
    }

    private Result runInto(String failure) {
        OutputStream failing = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(failure);
            }
        };
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = new CommandRunner(cli().console(failing, err)).run("completion");
        return new Result(code, "", err.toString(StandardCharsets.UTF_8));
    }

    private Cli cli() {
        return new Cli(directory);
    }
}
