package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputFileTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    @Test
    void text_isDecoded() throws IOException {
        write("a.gbpf", "policy a; // größer\n".getBytes(StandardCharsets.UTF_8));
        assertThat(read("a.gbpf").text().text()).isEqualTo("policy a; // größer\n");
        assertThat(read("a.gbpf").text().name()).isEqualTo("a.gbpf");
    }

    @Test
    void byteOrderMark_isLeftOut() throws IOException {
        write("a.gbpf", new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF, 'p'});
        assertThat(read("a.gbpf").text().text()).isEqualTo("p");
    }

    @Test
    void dash_isStandardInput() {
        Console console = new Cli(directory)
                .stdin("policy a;".getBytes(StandardCharsets.UTF_8))
                .console(OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
        assertThat(InputFile.read(console, "-", "policy").text().text()).isEqualTo("policy a;");
        refusedWith("-", "<stdin> is empty", "give a file that holds a policy");
    }

    @Test
    void missing_suggestsANeighbour() throws IOException {
        write("fair.gbpf", new byte[] {'p'});
        refusedWith("fiar.gbpf", "cannot read fiar.gbpf: there is no such file", "did you mean fair.gbpf?");
        refusedWith("other.txt", "cannot read other.txt: there is no such file", "check the path");
    }

    @Test
    void missingDirectory_isSaid() {
        refusedWith(
                "nowhere/a.gbpf",
                "cannot read nowhere/a.gbpf: there is no such file",
                "its directory does not exist either; check the path");
    }

    @Test
    void directory_isRefused() throws IOException {
        Files.createDirectory(directory.resolve("d"));
        refusedWith("d", "d is a directory", "name the policy in it");
    }

    @Test
    void empty_isRefused() throws IOException {
        write("a.gbpf", new byte[0]);
        refusedWith("a.gbpf", "a.gbpf is empty", "give a file that holds a policy");
    }

    @Test
    void tooLarge_isRefused() throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(directory.resolve("a.gbpf").toFile(), "rw")) {
            file.setLength(InputFile.MAX_BYTES + 1L);
        }
        refusedWith("a.gbpf", "a.gbpf is larger than 16 MiB", "a policy is far smaller: is it the right file?");
    }

    @Test
    void badPath_isRefused() {
        assertThatThrownBy(() -> read("a\0b")).isInstanceOf(CliException.class).hasMessageContaining("Nul character");
    }

    @Test
    void notUtf8_saysWhere() throws IOException {
        write("a.gbpf", new byte[] {'p', '\n', '\n', (byte) 0xC3, (byte) 0x28});
        refusedWith("a.gbpf", "a.gbpf:3 is not UTF-8: byte 0xC3 at offset 3", "save it as UTF-8");
    }

    @Test
    void truncatedUtf8_saysWhere() throws IOException {
        write("a.gbpf", new byte[] {'p', (byte) 0xE2, (byte) 0x82});
        refusedWith("a.gbpf", "a.gbpf:1 is not UTF-8: byte 0xE2 at offset 1", "save it as UTF-8");
    }

    @Test
    void utf16_isNamed() throws IOException {
        write("a.gbpf", new byte[] {(byte) 0xFF, (byte) 0xFE, 'p', 0});
        refusedWith("a.gbpf", "a.gbpf is UTF-16, and only UTF-8 is read", "convert it: iconv -f UTF-16 -t UTF-8");
    }

    @Test
    void binary_isRefused() throws IOException {
        write("a.gbpf", new byte[] {'p', 'o', 0, 'l'});
        refusedWith("a.gbpf", "a.gbpf is not a text: it has a zero byte at offset 2", "is it the right file?");
        write("b.gbpf", new byte[] {0x7F, 'E', 'L', 'F', 2, 1});
        refusedWith("b.gbpf", "b.gbpf is an ELF file, not a text", "give the source");
    }

    private void refusedWith(String name, String message, String help) {
        AbstractThrowableAssert<?, ?> thrown = assertThatThrownBy(
                        () -> read(name).text())
                .isInstanceOf(CliException.class)
                .hasMessage(message);
        thrown.extracting("help", "exitCode").containsExactly(help, ExitCode.INPUT);
    }

    private InputFile read(String name) {
        Console console = new Cli(directory).console(OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
        return InputFile.read(console, name, "policy");
    }

    private void write(String name, byte[] bytes) throws IOException {
        Files.write(directory.resolve(name), bytes);
    }
}
