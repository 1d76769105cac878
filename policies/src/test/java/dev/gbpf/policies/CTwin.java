package dev.gbpf.policies;

import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.elf.ElfObjectReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** The C twins of the library's policies, as clang 19 compiles them with the options of {@code gbpf compile}. */
final class CTwin {
    private static final String CLANG = "clang-19";
    private static final List<String> OPTIONS = List.of("-target", "bpf", "-O2", "-g", "-mcpu=v3", "-Wall", "-Werror");
    private static final Path LIBRARY = Path.of(System.getProperty("gbpf.root", ".."), "policies");

    private CTwin() {}

    /** Skips the test, with a word, where there is no clang 19. */
    static void assumeClang() {
        boolean installed = List.of(System.getenv("PATH").split(":", -1)).stream()
                .anyMatch(folder -> !folder.isEmpty() && Files.isExecutable(Path.of(folder, CLANG)));
        Assumptions.assumeTrue(installed, "skipped: " + CLANG + " is not installed");
    }

    /** The source of a policy's twin. */
    static Path source(String policy) {
        return LIBRARY.resolve(policy).resolve(policy + ".c");
    }

    /** Compiles the twin of a policy. */
    static PolicyObject compile(String policy) {
        Path source = source(policy);
        try {
            Path object = Files.createTempFile("gbpf-twin", ".o");
            try {
                run(source, object);
                return ElfObjectReader.read(Files.readAllBytes(object), policy + ".c");
            } finally {
                Files.delete(object);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void run(Path source, Path object) throws IOException {
        ProcessBuilder clang = new ProcessBuilder(CLANG);
        clang.command().addAll(OPTIONS);
        clang.command().addAll(List.of("-I", LIBRARY.resolve("include").toString()));
        clang.command().addAll(List.of("-c", "-o", object.toString(), source.toString()));
        Process process = clang.redirectErrorStream(true).start();
        String messages = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new AssertionError(source + " does not compile:\n" + messages);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while clang compiled " + source, e);
        }
    }
}
