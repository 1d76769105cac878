package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.cli.Cli.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class FmtCommandTest {
    private static final String UGLY = "policy p;hook init( ctx ){ }// end";
    private static final String NICE = "policy p;\n\nhook init(ctx) {} // end\n";
    private static final String WRONG = "policy p; hook init(ctx) { let x = ; }\n";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    private Result run(String... arguments) {
        return new Cli(directory).run(arguments);
    }

    private Path write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    @Test
    void file_isLaidOutInPlace() throws IOException {
        Path file = write("p.gbpf", UGLY);
        assertThat(run("fmt", "p.gbpf")).isEqualTo(new Result(0, "p.gbpf changed\n", ""));
        assertThat(file).hasContent(NICE);
        assertThat(run("fmt", "p.gbpf")).isEqualTo(new Result(0, "", ""));
    }

    @Test
    void fileInTheLayout_isNotWritten() throws IOException {
        Path file = write("p.gbpf", NICE);
        FileTime old = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(file, old);
        run("fmt");
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(old);
    }

    @Test
    void check_namesFilesAndChangesNothing() throws IOException {
        Path ugly = write("a/p.gbpf", UGLY);
        write("b.gbpf", NICE);
        assertThat(run("fmt", "--check")).isEqualTo(new Result(11, "a/p.gbpf would change\n", ""));
        assertThat(ugly).hasContent(UGLY);
        assertThat(run("fmt", "--check", "b.gbpf")).isEqualTo(new Result(0, "", ""));
    }

    @Test
    void syntaxError_leavesTheFileAloneAndTheOthersNot() throws IOException {
        Path wrong = write("a.gbpf", WRONG);
        Path ugly = write("b.gbpf", UGLY);
        Result result = run("fmt");
        assertThat(result.code()).isEqualTo(4);
        assertThat(result.err()).contains("error[E0010]", "a.gbpf:1:36");
        assertThat(result.out()).isEqualTo("b.gbpf changed\n");
        assertThat(wrong).hasContent(WRONG);
        assertThat(ugly).hasContent(NICE);
    }

    @Test
    void standardInput_goesToStandardOutput() {
        Cli cli = new Cli(directory).stdin(UGLY.getBytes(StandardCharsets.UTF_8));
        assertThat(cli.run("fmt", "-")).isEqualTo(new Result(0, NICE, ""));
        assertThat(cli.run("fmt", "--check", "-")).isEqualTo(new Result(11, "<stdin> would change\n", ""));
        Cli nice = new Cli(directory).stdin(NICE.getBytes(StandardCharsets.UTF_8));
        assertThat(nice.run("fmt", "-")).isEqualTo(new Result(0, NICE, ""));
        assertThat(cli.run("fmt", "-", "--json").code()).isEqualTo(2);
    }

    @Test
    void json_hasEveryFile() throws IOException {
        write("a.gbpf", WRONG);
        write("b.gbpf", UGLY);
        write("c.gbpf", NICE);
        Result result = run("fmt", "--check", "--json");
        assertThat(result.code()).isEqualTo(4);
        JsonNode document = JsonMapper.builder().build().readTree(result.out());
        assertThat(document.path("result").asString()).isEqualTo("refused");
        assertThat(document.path("files")
                        .valueStream()
                        .map(f -> f.path("result").asString()))
                .containsExactly("refused", "changed", "unchanged");
        assertThat(document.path("files")
                        .path(0)
                        .path("diagnostics")
                        .path(0)
                        .path("code")
                        .asString())
                .isEqualTo("E0010");
    }

    @Test
    void missingFile_isAnInputError() {
        assertThat(run("fmt", "none.gbpf").code()).isEqualTo(3);
    }

    @Test
    void otherLanguages_areRefusedWithTheWayOut() throws IOException {
        write("a.gasm", ".policy p\n");
        write("a.c", "int x;\n");
        assertThat(run("fmt", "a.gasm").code()).isEqualTo(2);
        assertThat(run("fmt", "a.gasm").err()).contains("a.gasm is not in the policy language", "gbpf disasm --plain");
        assertThat(run("fmt", "a.c").err()).contains("clang-format");
    }

    @Test
    void oneWrongName_changesNoFile() throws IOException {
        Path ugly = write("a.gbpf", UGLY);
        write("b.c", "int x;\n");
        Result result = run("fmt", "a.gbpf", "b.c");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(ugly).hasContent(UGLY);
    }
}
