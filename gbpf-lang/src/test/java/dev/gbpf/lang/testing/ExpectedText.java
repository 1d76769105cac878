package dev.gbpf.lang.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Texts that are committed beside the tests and compared as a whole. {@code -Dgbpf.update=true} writes them anew, to be
 * reviewed as a difference.
 */
public final class ExpectedText {
    private ExpectedText() {}

    /** The folder of a test's resources in the source tree. */
    public static Path folder(String name) {
        String root = System.getProperty("gbpf.root", "..");
        return Path.of(root, "gbpf-lang", "src", "test", "resources", "dev", "gbpf", "lang", "compile", name);
    }

    /** The policies in a folder, by name. */
    public static List<Path> policies(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(".gbpf")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Requires that {@code actual} is what {@code file} holds. */
    public static void verify(Path file, String actual) {
        if (Boolean.getBoolean("gbpf.update")) {
            try {
                Files.writeString(file, actual);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        assertThat(actual).as("%s", file).isEqualTo(read(file));
    }
}
