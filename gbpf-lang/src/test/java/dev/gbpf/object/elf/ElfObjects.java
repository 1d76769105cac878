package dev.gbpf.object.elf;

import dev.gbpf.reference.CHeader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Objects for tests: committed ones, and those that clang makes where it is installed. */
final class ElfObjects {
    static final List<String> VERSIONS = List.of("v1", "v2", "v3", "v4");

    private static final Path CLANG = Path.of("/usr/bin/clang-19");

    private ElfObjects() {}

    /** A committed object, as {@code everything.v3.o}. */
    static byte[] committed(String name) {
        try (InputStream in = ElfObjects.class.getResourceAsStream("/elf/" + name)) {
            if (in == null) {
                throw new IllegalArgumentException("there is no test object " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What clang makes of a source; skips the test where there is none. */
    static byte[] compile(Path folder, String source, String version, String... options) {
        Assumptions.assumeTrue(Files.isExecutable(CLANG), "skipped: clang-19 is not installed");
        try {
            Files.writeString(folder.resolve(CHeader.FILE_NAME), CHeader.render());
            Files.writeString(folder.resolve("test.c"), source);
            Path object = folder.resolve("test.o");
            Path output = folder.resolve("output");
            List<String> command = new ArrayList<>(
                    List.of(CLANG.toString(), "-target", "bpf", "-O2", "-g", "-mcpu=" + version, "-Wno-everything"));
            command.addAll(List.of(options));
            command.addAll(List.of("-c", "test.c", "-o", "test.o"));
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(30, TimeUnit.SECONDS);
            if (!ended || process.exitValue() != 0) {
                throw new AssertionError("clang: " + Files.readString(output, StandardCharsets.UTF_8));
            }
            return Files.readAllBytes(object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
