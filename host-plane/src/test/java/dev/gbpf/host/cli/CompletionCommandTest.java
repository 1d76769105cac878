package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionCommandTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    @Test
    void script_completesCommandsInBash() throws IOException, InterruptedException {
        assertThat(complete("com")).contains("completion");
    }

    @Test
    void script_completesOptionValuesInBash() throws IOException, InterruptedException {
        assertThat(complete("completion", "--color", "a"))
                .contains("auto", "always")
                .doesNotContain("never");
    }

    /** What bash offers when the cursor stands behind the last word. */
    private String complete(String... words) throws IOException, InterruptedException {
        Path script = directory.resolve("completion.bash");
        Files.writeString(script, new Cli(directory).run("completion").out());
        String line = "gbpf " + String.join(" ", words);
        String program = """
                source %s
                COMP_WORDS=(%s); COMP_CWORD=%d; COMP_LINE='%s'; COMP_POINT=%d
                _complete_gbpf
                printf '%%s\\n' "${COMPREPLY[@]}"
                """.formatted(script, line, words.length, line, line.length());
        Process bash = new ProcessBuilder("bash", "--norc", "-c", program)
                .redirectErrorStream(true)
                .start();
        String output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as(output).isZero();
        return output;
    }
}
