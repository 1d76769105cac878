package dev.gbpf.host.cli;

import dev.gbpf.diagnostic.FileProblem;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A file that a command writes. It appears whole or not at all: the bytes go to a temporary file beside it, which then takes
 * its name. The name {@code -} is standard output.
 *
 * <p>What can be known before the work begins is checked when it is made, so that a long run does not end with a message
 * about a directory that never was.
 */
final class OutputFile {
    private static final String STDOUT = "-";

    private final Console console;
    private final String name;
    private final @Nullable Path path;

    private OutputFile(Console console, String name, @Nullable Path path) {
        this.console = console;
        this.name = name;
        this.path = path;
    }

    /**
     * A file to write.
     *
     * @param inputs files that the command reads, which the output must not replace
     * @throws CliException when it could not be written
     */
    static OutputFile of(Console console, String name, String... inputs) {
        if (name.equals(STDOUT)) {
            return new OutputFile(console, name, null);
        }
        try {
            Path path = console.resolve(name);
            if (name.isEmpty() || Files.isDirectory(path)) {
                throw refused(name.isEmpty() ? "the output has no name" : name + " is a directory", "name a file");
            }
            if (Files.exists(path) && !Files.isRegularFile(path)) {
                throw refused(
                        "cannot write " + name + ": it is not a regular file",
                        "write to standard output with - and redirect that");
            }
            // A link keeps pointing where it points: its target is what gets replaced.
            Path real = Files.exists(path)
                    ? path.toRealPath()
                    : path.toAbsolutePath().normalize();
            if (Files.isSymbolicLink(path) && !Files.exists(path)) {
                throw refused("cannot write " + name + ": it is a symbolic link to nothing", "remove the link");
            }
            Path directory = real.getParent();
            if (directory == null || !Files.isDirectory(directory)) {
                throw refused(
                        "cannot write " + name + ": its directory does not exist", "create it: mkdir -p " + directory);
            }
            if (!Files.isWritable(directory) || (Files.exists(real) && !Files.isWritable(real))) {
                throw refused("cannot write " + name + ": permission denied", "choose another place");
            }
            for (String input : inputs) {
                Path in = console.resolve(input);
                if (!input.equals(STDOUT) && Files.exists(in) && Files.exists(real) && Files.isSameFile(in, real)) {
                    throw refused(name + " is the input", "choose another name for the output");
                }
            }
            return new OutputFile(console, name, real);
        } catch (InvalidPathException e) {
            throw new CliException(ExitCode.OUTPUT, "cannot write " + name + ": " + e.getReason(), "", e);
        } catch (IOException e) {
            throw failed(name, e);
        }
    }

    /** Whether it is standard output. */
    boolean isStdout() {
        return path == null;
    }

    /** Whether both are the same file. */
    boolean isSameAs(OutputFile other) {
        return path != null && path.equals(other.path);
    }

    /** As the user gave it. */
    String name() {
        return name;
    }

    /** Writes a text, in UTF-8. */
    void write(String text) {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes a text that comes in pieces, in UTF-8; see {@link #write(byte[])}. */
    void write(Consumer<Consumer<String>> text) {
        writeContent(out -> {
            Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
            try {
                text.accept(piece -> {
                    try {
                        writer.write(piece);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
            writer.flush();
        });
    }

    /**
     * Writes it.
     *
     * @throws CliException when that fails; then whatever was there before is there still
     */
    void write(byte[] bytes) {
        writeContent(out -> out.write(bytes, 0, bytes.length));
    }

    /** What puts the content into a stream. */
    private interface Content {
        void to(OutputStream out) throws IOException;
    }

    private void writeContent(Content content) {
        if (path == null) {
            try {
                content.to(console.out().stream());
            } catch (IOException e) {
                throw failed(name, e);
            }
            return;
        }
        Path temporary =
                path.resolveSibling("." + path.getFileName() + "." + Long.toHexString(System.nanoTime()) + ".tmp");
        try {
            try (OutputStream out =
                    Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                content.to(out);
            }
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                    && Files.getFileStore(path).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(temporary, Files.getPosixFilePermissions(path));
            }
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            discard(temporary, e);
            throw failed(name, e);
        }
    }

    private static void discard(Path temporary, IOException cause) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    private static CliException failed(String name, IOException e) {
        return new CliException(ExitCode.OUTPUT, "cannot write " + name + ": " + FileProblem.reason(e), "", e);
    }

    private static CliException refused(String message, String help) {
        return new CliException(ExitCode.OUTPUT, message, help);
    }
}
