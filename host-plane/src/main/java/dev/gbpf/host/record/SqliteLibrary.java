package dev.gbpf.host.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Where the native part of SQLite is unpacked: beside the store, for its owner alone. The common directory for temporary files is
 * no place for code that is about to be run: others may write there, and it is often mounted without the right to execute.
 */
final class SqliteLibrary {
    private static final String DIRECTORY = "org.sqlite.tmpdir";

    private SqliteLibrary() {}

    static synchronized void unpackBeside(Path file) {
        if (System.getProperty(DIRECTORY) != null) {
            return;
        }
        Path directory = file.toAbsolutePath().resolveSibling("native");
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectory(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException e) {
            throw new RecordStoreException(
                    "cannot make the directory " + directory + ", where SQLite's library is unpacked: " + e.getMessage()
                            + "; check that its parent exists and may be written",
                    e);
        }
        System.setProperty(DIRECTORY, directory.toString());
    }
}
