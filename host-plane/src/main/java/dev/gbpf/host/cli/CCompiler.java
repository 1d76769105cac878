package dev.gbpf.host.cli;

import dev.gbpf.diagnostic.FileProblem;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.reference.CHeader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Runs clang on policies in C. The first of {@link #NAMES} on the path is taken; the environment variable {@code GBPF_CLANG}
 * names another.
 */
final class CCompiler {
    /** Commands that are looked for, best first; 19 is the version that gBPF is tested with. */
    static final List<String> NAMES = List.of("clang-19", "clang-20", "clang-18", "clang");

    private static final String VARIABLE = "GBPF_CLANG";
    private static final String SUFFIX = ".c";
    private static final long TIMEOUT_SECONDS = 60;
    /** Bytes of clang's messages that are shown. */
    private static final int MAX_MESSAGES = 65_536;

    private CCompiler() {}

    /** Whether a file is taken for C. */
    static boolean isSource(String name) {
        return name.endsWith(SUFFIX);
    }

    /**
     * Compiles a policy in C. Warnings go to standard error.
     *
     * @throws CliException when there is no clang, or the source does not compile
     * @throws DiagnosticException when what comes out is no policy
     */
    static PolicyInput compile(Console console, InputFile input) {
        SourceFile source = input.text();
        String clang = find(console)
                .orElseThrow(() -> new CliException(
                        ExitCode.ENVIRONMENT,
                        "compiling " + input.name() + " needs clang, and there is none",
                        "install it: apt-get install clang-19 (or name one in " + VARIABLE + "), or compile to bytecode"
                                + " elsewhere and give the .o file"));
        Path folder = temporaryFolder();
        try {
            Path include = Files.createDirectory(folder.resolve("include"));
            Files.writeString(include.resolve(CHeader.FILE_NAME), CHeader.render());
            Path object = folder.resolve("policy.o");
            run(console, clang, input.name(), include, object);
            PolicyInput policy = PolicyInput.elf(input.name(), Files.readAllBytes(object));
            return new PolicyInput(policy.name(), withSource(policy.object(), source), policy.warnings());
        } catch (IOException e) {
            throw failed(input.name(), e);
        } finally {
            delete(folder);
        }
    }

    /** The object with the whole source in place of the lines that clang noted. */
    private static PolicyObject withSource(PolicyObject object, SourceFile source) {
        SourceFile noted = object.source();
        String name = source.name().substring(source.name().lastIndexOf('/') + 1);
        boolean isSame =
                noted != null && (noted.name().equals(name) || noted.name().endsWith("/" + name));
        return isSame ? object.withSource(source) : object;
    }

    private static void run(Console console, String clang, String source, Path include, Path object)
            throws IOException {
        Path messages = object.resolveSibling("messages");
        List<String> command = new ArrayList<>(List.of(clang));
        command.addAll(List.of("-target", "bpf", "-O2", "-g", "-mcpu=v3", "-Wall", "-fdebug-compilation-dir=."));
        command.addAll(List.of("-I", include.toString(), "-c", "-o", object.toString(), "--", source));
        Process process = new ProcessBuilder(command)
                .directory(console.directory().toFile())
                .redirectErrorStream(true)
                .redirectOutput(messages.toFile())
                .start();
        process.getOutputStream().close();
        boolean ended;
        try {
            ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new CliException(ExitCode.INTERRUPTED, "interrupted while " + clang + " compiled " + source, "", e);
        }
        if (!ended) {
            process.destroyForcibly();
            throw new CliException(
                    ExitCode.COMPILE, clang + " did not compile " + source + " in " + TIMEOUT_SECONDS + " s", "");
        }
        String text = text(messages);
        if (process.exitValue() != 0) {
            throw new CliException(ExitCode.COMPILE, source + " does not compile, says " + clang + "\n" + text, "");
        }
        if (!text.isEmpty()) {
            console.err().println(text);
        }
    }

    private static String text(Path messages) throws IOException {
        try (var in = Files.newInputStream(messages)) {
            return new String(in.readNBytes(MAX_MESSAGES), StandardCharsets.UTF_8).stripTrailing();
        }
    }

    /** The clang to run. */
    static Optional<String> find(Console console) {
        String named = console.environment().getOrDefault(VARIABLE, "");
        if (!named.isEmpty()) {
            return Optional.of(named);
        }
        String path = console.environment().getOrDefault("PATH", "");
        return NAMES.stream()
                .filter(name -> List.of(path.split(File.pathSeparator, -1)).stream()
                        .anyMatch(folder -> isExecutable(folder, name)))
                .findFirst();
    }

    private static boolean isExecutable(String folder, String name) {
        try {
            Path file = Path.of(folder, name);
            return !folder.isEmpty() && Files.isRegularFile(file) && Files.isExecutable(file);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("gbpf-c");
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.ENVIRONMENT,
                    "no temporary folder for clang: " + FileProblem.reason(e),
                    "make room, or set java.io.tmpdir",
                    e);
        }
    }

    private static void delete(Path folder) {
        try (var files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw failed(folder.toString(), e);
        }
    }

    private static CliException failed(String name, IOException e) {
        return new CliException(
                ExitCode.ENVIRONMENT, "compiling " + name + " failed: " + FileProblem.reason(e), "check clang", e);
    }
}
