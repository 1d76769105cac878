package dev.gbpf.host.cli;

import dev.gbpf.diagnostic.FileProblem;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.diagnostic.Suggestion;
import dev.gbpf.host.library.ModuleFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A file that the user named, read whole. Whatever can be wrong with it ends the command with {@link ExitCode#INPUT} and one
 * message that names the file, the place in it and the way out. The name {@code -} is standard input.
 */
final class InputFile {
    /** Bytes that a file may have; policies, objects and scenarios are far smaller. */
    static final int MAX_BYTES = 16 << 20;

    private static final String STDIN = "-";

    private final String name;
    private final byte[] bytes;
    private final ModuleFiles modules;

    private InputFile(String name, byte[] bytes, ModuleFiles modules) {
        this.name = name;
        this.bytes = bytes;
        this.modules = modules;
    }

    /**
     * Reads a file.
     *
     * @param what what it should be, for messages, as "policy"
     * @throws CliException when it cannot be read, is empty or too large
     */
    static InputFile read(Console console, String name, String what) {
        byte[] bytes = name.equals(STDIN) ? readStdin(console) : readPath(console, name, what);
        String shown = name.equals(STDIN) ? "<stdin>" : name;
        if (bytes.length > MAX_BYTES) {
            throw unusable(
                    shown + " is larger than " + (MAX_BYTES >> 20) + " MiB",
                    "a " + what + " is far smaller: is it the right file?");
        }
        if (bytes.length == 0) {
            throw unusable(shown + " is empty", "give a file that holds a " + what);
        }
        ModuleFiles modules =
                name.equals(STDIN) ? ModuleFiles.none() : ModuleFiles.beside(path(console, name, what), name);
        return new InputFile(shown, bytes, modules);
    }

    /**
     * Checks a file that something else reads.
     *
     * @param what what it should be, for messages
     * @throws CliException when it is not there, or cannot be read
     */
    static void check(Console console, String name, String what) {
        Path path = path(console, name, what);
        try (InputStream in = Files.newInputStream(path)) {
            if (in.read() < 0) {
                throw unusable(name + " is empty", "give a file that holds a " + what);
            }
        } catch (IOException e) {
            throw unreadable(name, path, e);
        }
    }

    /** As the user gave it. */
    String name() {
        return name;
    }

    /** The files that it may import, if it is a policy. */
    ModuleFiles modules() {
        return modules;
    }

    /** All of it, never empty; not a copy. */
    byte[] bytes() {
        return bytes;
    }

    /**
     * Its text.
     *
     * @throws CliException when it is not UTF-8, or holds bytes that no text has
     */
    SourceFile text() {
        int start = startsWith(0xEF, 0xBB, 0xBF) ? 3 : 0;
        if (startsWith(0xFF, 0xFE) || startsWith(0xFE, 0xFF)) {
            throw unusable(name + " is UTF-16, and only UTF-8 is read", "convert it: iconv -f UTF-16 -t UTF-8");
        }
        if (startsWith(0x7F, 'E', 'L', 'F')) {
            throw unusable(name + " is an ELF file, not a text", "give the source");
        }
        for (int i = start; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                throw unusable(name + " is not a text: it has a zero byte at offset " + i, "is it the right file?");
            }
        }
        return new SourceFile(name, decode(start));
    }

    /** Whether the file begins with these bytes. */
    boolean startsWith(int... magic) {
        if (bytes.length < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((bytes[i] & 0xFF) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    private String decode(int start) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer input = ByteBuffer.wrap(bytes, start, bytes.length - start);
        CharBuffer output = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(input, output, true);
        if (result.isError()) {
            int offset = input.position();
            long line = 1 + output.flip().chars().filter(c -> c == '\n').count();
            throw unusable(
                    name + ":" + line + " is not UTF-8: byte 0x" + hex(bytes[offset]) + " at offset " + offset,
                    "save it as UTF-8");
        }
        decoder.flush(output);
        return output.flip().toString();
    }

    private static String hex(byte b) {
        return String.format("%02X", b);
    }

    private static byte[] readStdin(Console console) {
        try {
            return console.in().readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw new CliException(ExitCode.INPUT, "cannot read standard input: " + e.getMessage(), "", e);
        }
    }

    private static byte[] readPath(Console console, String name, String what) {
        Path path = path(console, name, what);
        try (InputStream in = Files.newInputStream(path)) {
            return in.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw unreadable(name, path, e);
        }
    }

    private static Path path(Console console, String name, String what) {
        Path path;
        try {
            path = console.resolve(name);
        } catch (InvalidPathException e) {
            throw new CliException(ExitCode.INPUT, "cannot read " + name + ": " + e.getReason(), "", e);
        }
        if (Files.isDirectory(path)) {
            throw unusable(name + " is a directory", "name the " + what + " in it");
        }
        return path;
    }

    private static CliException unreadable(String name, Path path, IOException e) {
        String help = switch (e) {
            case NoSuchFileException _ -> whereElse(name, path);
            case AccessDeniedException _ -> "allow it: chmod +r " + name;
            default -> "";
        };
        return new CliException(ExitCode.INPUT, "cannot read " + name + ": " + FileProblem.reason(e), help, e);
    }

    /** What a missing file was probably meant to be: a name that is near in the same directory. */
    private static String whereElse(String name, Path path) {
        Path directory = path.getParent();
        Path file = path.getFileName();
        if (directory == null || file == null || !Files.isDirectory(directory)) {
            return "its directory does not exist either; check the path";
        }
        List<String> beside;
        try (Stream<Path> list = Files.list(directory)) {
            beside = list.limit(1_000).map(p -> p.getFileName().toString()).toList();
        } catch (IOException e) {
            return "check the path";
        }
        String prefix = name.substring(0, name.length() - file.toString().length());
        return Suggestion.closest(file.toString(), beside)
                .map(c -> "did you mean " + prefix + c + "?")
                .orElse("check the path");
    }

    private static CliException unusable(String message, String help) {
        return new CliException(ExitCode.INPUT, message, help);
    }
}
