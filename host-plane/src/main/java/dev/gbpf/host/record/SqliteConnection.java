package dev.gbpf.host.record;

import dev.gbpf.diagnostic.FileProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/** One SQLite file, which one process has at a time: opening, transactions, and what failures mean. Safe for several threads. */
final class SqliteConnection implements AutoCloseable {
    /** How long another process may take to let go of the file, ms. */
    private static final int BUSY_MS = 200;

    /** The low byte of SQLite's result codes (https://www.sqlite.org/rescode.html). */
    private static final int PRIMARY = 0xff;

    private final Path file;
    private final Connection connection;

    private SqliteConnection(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
    }

    /** Something to do with the file. */
    interface Work<T> {
        T run() throws SQLException;
    }

    /**
     * Opens a store, makes it where there is none, and brings it up to the newest version.
     *
     * @param file in a directory that exists; readable for its owner alone when it is made
     * @param synchronous of {@code PRAGMA synchronous}
     * @throws RecordStoreException when the file is no store, of a later version, damaged, or in use
     */
    static SqliteConnection open(Path file, String synchronous) {
        SqliteLibrary.unpackBeside(file);
        try {
            if (!Files.exists(file)) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath());
            try {
                prepare(file, connection, synchronous);
            } catch (SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
            return new SqliteConnection(file, connection);
        } catch (SQLException e) {
            throw failed("open", file, e);
        } catch (IOException e) {
            throw new RecordStoreException("cannot make the record store " + file + ": " + FileProblem.reason(e), e);
        }
    }

    private static void prepare(Path file, Connection connection, String synchronous) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = " + BUSY_MS);
            // The lock is taken by the first access and kept, so a second process is told at once, and needs no shared
            // memory.
            statement.execute("PRAGMA locking_mode = EXCLUSIVE");
            int version = SqliteSchema.version(file, statement);
            statement.execute("PRAGMA synchronous = " + synchronous);
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA foreign_keys = ON");
            connection.setAutoCommit(false);
            SqliteSchema.upgrade(version, statement);
            connection.commit();
        }
    }

    Path file() {
        return file;
    }

    /** A statement; only within {@link #change} and {@link #read}. */
    PreparedStatement prepare(String sql) throws SQLException {
        return connection.prepareStatement(sql);
    }

    /** Changes something, as a whole or not at all; when it returns the disk has it. */
    synchronized <T> T change(String what, Work<T> work) {
        try {
            boolean done = false;
            try {
                T result = work.run();
                connection.commit();
                done = true;
                return result;
            } finally {
                if (!done) {
                    connection.rollback();
                }
            }
        } catch (SQLException e) {
            throw failed(what, file, e);
        }
    }

    synchronized <T> T read(Work<T> work) {
        try {
            return work.run();
        } catch (SQLException e) {
            throw failed("read", file, e);
        }
    }

    @Override
    public synchronized void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failed("close", file, e);
        }
    }

    private static RecordStoreException failed(String what, Path file, SQLException e) {
        return new RecordStoreException("cannot " + what + " the record store " + file + ": " + meaning(e), e);
    }

    /** What was wrong and what to do, as whoever runs the plane should read it. */
    private static String meaning(SQLException e) {
        return switch (e.getErrorCode() & PRIMARY) {
            case 5, 6 -> "another process has it; stop that one, or name another place";
            case 8 -> "it cannot be written; give its owner the right to write it and its directory";
            case 11, 26 -> "it is damaged or no database; move it away, and restore a copy or start with a new one";
            case 13 -> "the disk is full; free some space";
            case 14 -> "it cannot be opened; check that its directory exists and may be written";
            default -> String.valueOf(e.getMessage());
        };
    }
}
