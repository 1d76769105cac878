package dev.gbpf.host.cli;

import dev.gbpf.diagnostic.FileProblem;
import dev.gbpf.host.authority.KeyFormatException;
import dev.gbpf.host.authority.SigningKey;
import dev.gbpf.host.authority.VerifyingKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Files that hold keys. */
final class KeyFile {
    private static final String PRIVATE = "PRIVATE KEY-----";

    private KeyFile() {}

    /**
     * Reads a private key, which nobody but its owner may be able to read.
     *
     * @throws CliException when it is none, or others may read it
     */
    static SigningKey signing(Console console, String name) {
        String pem = InputFile.read(console, name, "key").text().text();
        try {
            Path path = console.resolve(name);
            if (!name.equals("-") && !closed(path)) {
                throw new CliException(
                        ExitCode.INPUT, "others may read the private key " + name, "close it: chmod 600 " + name);
            }
            return SigningKey.read(pem);
        } catch (KeyFormatException e) {
            throw new CliException(
                    ExitCode.INPUT, name + " is no private key: " + e.message(), "make one: gbpf key generate FILE", e);
        } catch (IOException e) {
            throw new CliException(ExitCode.INPUT, "cannot read " + name + ": " + FileProblem.reason(e), "", e);
        }
    }

    private static boolean closed(Path path) throws IOException {
        Set<PosixFilePermission> open = EnumSet.copyOf(Files.getPosixFilePermissions(path));
        open.removeAll(EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
        return open.isEmpty();
    }

    /**
     * Reads a public key, or the public half of a private one.
     *
     * @throws CliException when it is none
     */
    static VerifyingKey verifying(Console console, String name) {
        String pem = InputFile.read(console, name, "key").text().text();
        try {
            return pem.contains(PRIVATE) ? SigningKey.read(pem).verifying() : VerifyingKey.read(pem);
        } catch (KeyFormatException e) {
            throw new CliException(
                    ExitCode.INPUT, name + " is no key: " + e.message(), "make one: gbpf key generate FILE", e);
        }
    }

    /**
     * Writes a new file, which only its owner may read when it is private.
     *
     * @throws CliException when there is a file of that name already, or it cannot be written
     */
    static void create(Console console, String name, String pem, boolean isPrivate) {
        try {
            Files.createFile(
                    console.resolve(name),
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString(isPrivate ? "rw-------" : "rw-r--r--")));
            Files.write(console.resolve(name), pem.getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            throw new CliException(
                    ExitCode.OUTPUT, name + " is there already, and a key is not replaced", "name another file", e);
        } catch (InvalidPathException e) {
            throw new CliException(ExitCode.OUTPUT, "cannot write " + name + ": " + e.getReason(), "", e);
        } catch (IOException e) {
            throw new CliException(ExitCode.OUTPUT, "cannot write " + name + ": " + FileProblem.reason(e), "", e);
        }
    }
}
