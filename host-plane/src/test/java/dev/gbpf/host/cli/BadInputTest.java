package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.cli.Cli.Result;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every command that reads a file, with every file that cannot be read. */
class BadInputTest {
    private static final String IN = "INPUT";

    /** Each command line; those that write something write to files in the folder. */
    private static final List<List<String>> COMMANDS = List.of(
            List.of("compile", IN, "-o", "out.gbo"),
            List.of("verify", IN),
            List.of("disasm", IN),
            List.of("run", IN, "--html", "out.html"));

    private static final Map<String, String> MESSAGES = Map.of(
            "missing.gbpf", "cannot read missing.gbpf: there is no such file",
            "nowhere/missing.gbpf", "cannot read nowhere/missing.gbpf: there is no such file",
            "folder", "folder is a directory",
            "empty.gbpf", "empty.gbpf is empty",
            "huge.gbpf", "huge.gbpf is larger than 16 MiB",
            "latin1.gbpf", "latin1.gbpf:2 is not UTF-8: byte 0xFC at offset 14",
            "utf16.gbpf", "utf16.gbpf is UTF-16, and only UTF-8 is read",
            "noise.gbpf", "noise.gbpf is not a text: it has a zero byte at offset 1");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    @BeforeEach
    void files() throws IOException {
        Files.createDirectory(directory.resolve("folder"));
        write("empty.gbpf", new byte[0]);
        write("latin1.gbpf", "policy fair;\n/ü/".getBytes(StandardCharsets.ISO_8859_1));
        write("utf16.gbpf", "policy fair;".getBytes(StandardCharsets.UTF_16));
        write("noise.gbpf", new byte[] {42, 0, 17, (byte) 0xFF});
        try (RandomAccessFile huge =
                new RandomAccessFile(directory.resolve("huge.gbpf").toFile(), "rw")) {
            huge.setLength(InputFile.MAX_BYTES + 1L);
        }
    }

    static Stream<Arguments> everyCommandWithEveryFile() {
        return COMMANDS.stream()
                .flatMap(c -> MESSAGES.keySet().stream().sorted().map(f -> Arguments.of(c, f)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everyCommandWithEveryFile")
    void badFile_givesOneMessageAndNoOutput(List<String> command, String file) throws IOException {
        List<Path> before = files(directory);
        Result result = new Cli(directory).run(line(command, file));
        assertThat(result.code()).isEqualTo(3);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith("gbpf: error: " + MESSAGES.get(file) + "\n");
        assertThat(result.err().lines().count()).isLessThanOrEqualTo(2);
        assertThat(files(directory)).isEqualTo(before);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everyCommandWithEveryFile")
    void badFileWithJson_isAnErrorObject(List<String> command, String file) {
        List<String> json = new ArrayList<>(List.of("--json"));
        json.addAll(command);
        Result result = new Cli(directory).run(line(json, file));
        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .startsWith("{\"error\":{\"exitCode\":3,\"message\":\"" + MESSAGES.get(file) + "\"")
                .endsWith("}}\n");
    }

    private static String[] line(List<String> command, String file) {
        return command.stream().map(w -> w.equals(IN) ? file : w).toArray(String[]::new);
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.sorted().toList();
        }
    }

    private void write(String name, byte[] bytes) throws IOException {
        Files.write(directory.resolve(name), bytes);
    }
}
