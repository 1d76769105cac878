package dev.gbpf.host.record;

import dev.gbpf.diagnostic.FileProblem;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;

/**
 * Where the native part of SQLite is unpacked: beside the store, for its owner alone. The common directory for temporary files is
 * no place for code that is about to be run: others may write there, and it is often mounted without the right to execute.
 */
final class SqliteLibrary {
    private static final String DIRECTORY = "org.sqlite.tmpdir";

    /** Nobody takes so long from unpacking a library to loading it. */
    private static final Duration LOADED = Duration.ofMinutes(10);

    private SqliteLibrary() {}

    static synchronized void unpackBeside(Path file) {
        if (System.getProperty(DIRECTORY) != null) {
            return;
        }
        Path directory = file.toAbsolutePath().resolveSibling("native");
        try {
            if (Files.isDirectory(directory)) {
                sweep(directory, Instant.now().minus(LOADED));
            } else {
                Files.createDirectory(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException e) {
            throw new RecordStoreException(
                    "cannot make the directory " + directory + ", where SQLite's library is unpacked: "
                            + FileProblem.reason(e) + "; check that its parent exists and may be written",
                    e);
        }
        System.setProperty(DIRECTORY, directory.toString());
    }

    /** Deletes what processes that were killed have left: each unpacks a copy of its own, and one that ends in order deletes it. */
    static void sweep(Path directory, Instant unpackedBefore) throws IOException {
        try (DirectoryStream<Path> copies = Files.newDirectoryStream(directory, "sqlite-*")) {
            for (Path copy : copies) {
                if (Files.getLastModifiedTime(copy).toInstant().isBefore(unpackedBefore)) {
                    Files.deleteIfExists(copy);
                }
            }
        }
    }
}
