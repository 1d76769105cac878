package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    @Test
    void write_makesTheFileAndLeavesNothingElse() throws IOException {
        of("a.gbo").write("one");
        of("a.gbo").write("two");
        assertThat(directory.resolve("a.gbo")).hasContent("two");
        assertThat(files()).containsExactly("a.gbo");
    }

    @Test
    void write_keepsPermissions() throws IOException {
        Path file = Files.writeString(directory.resolve("a.gbo"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        of("a.gbo").write("new");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
    }

    @Test
    void write_throughALinkReplacesItsTarget() throws IOException {
        Path target = Files.writeString(directory.resolve("target"), "old");
        Path link = Files.createSymbolicLink(directory.resolve("link"), target);
        of("link").write("new");
        assertThat(link).isSymbolicLink().hasContent("new");
        assertThat(target).hasContent("new");
    }

    @Test
    void directoryGoneMeanwhile_leavesNothing() throws IOException {
        Path gone = Files.createDirectory(directory.resolve("gone"));
        OutputFile output = of("gone/a.gbo");
        Files.delete(gone);
        assertThatThrownBy(() -> output.write("x"))
                .isInstanceOf(CliException.class)
                .hasMessageStartingWith("cannot write gone/a.gbo: ");
        assertThat(files()).isEmpty();
    }

    @Test
    void dash_isStandardOutput() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Console console = new Cli(directory).console(out, OutputStream.nullOutputStream());
        OutputFile file = OutputFile.of(console, "-");
        file.write("text");
        console.out().finish();
        assertThat(file.isStdout()).isTrue();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("text");
    }

    @Test
    void whatCannotBeWritten_isRefusedBeforehand() throws IOException {
        Files.createDirectory(directory.resolve("d"));
        Files.createSymbolicLink(directory.resolve("dangling"), directory.resolve("nothing"));
        refused("d", "d is a directory");
        refused("", "the output has no name");
        refused("/dev/null", "cannot write /dev/null: it is not a regular file");
        refused("x/y/a.gbo", "cannot write x/y/a.gbo: its directory does not exist");
        refused("dangling", "cannot write dangling: it is a symbolic link to nothing");
        refused("a\0b", "cannot write a\0b: Nul character not allowed");
    }

    @Test
    void input_isNotReplaced() throws IOException {
        Files.writeString(directory.resolve("a.gbpf"), "policy a;");
        assertThatThrownBy(() -> OutputFile.of(console(), "./a.gbpf", "a.gbpf"))
                .isInstanceOf(CliException.class)
                .hasMessage("./a.gbpf is the input");
    }

    private void refused(String name, String message) {
        assertThatThrownBy(() -> of(name))
                .isInstanceOf(CliException.class)
                .hasMessage(message)
                .extracting("exitCode")
                .isEqualTo(ExitCode.OUTPUT);
    }

    private OutputFile of(String name) {
        return OutputFile.of(console(), name);
    }

    private Console console() {
        return new Cli(directory).console(OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
    }

    private List<String> files() throws IOException {
        try (Stream<Path> list = Files.list(directory)) {
            return list.map(p -> p.getFileName().toString()).toList();
        }
    }
}
