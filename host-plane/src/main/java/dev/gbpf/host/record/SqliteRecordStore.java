package dev.gbpf.host.record;

import dev.gbpf.object.ObjectHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Records in one SQLite file. Changes go to the write-ahead log, which is synchronised before a change is acknowledged
 * ({@code synchronous=EXTRA}: <a href="https://www.sqlite.org/pragma.html#pragma_synchronous">SQLite's manual</a>). One process
 * at a time has the file.
 */
public final class SqliteRecordStore implements RecordStore {
    /** Marks the file as ours: "gBPF". */
    private static final int APPLICATION_ID = 0x67425046;

    /** Version of the tables below. */
    private static final int SCHEMA_VERSION = 1;

    /** How long another process may take to let go of the file, ms. */
    private static final int BUSY_MS = 200;

    private static final List<String> SCHEMA = List.of(
            "CREATE TABLE policy (hash TEXT PRIMARY KEY, name TEXT NOT NULL, stored_ms INTEGER NOT NULL, object BLOB NOT NULL)"
                    + " STRICT",
            "CREATE TABLE activation (id INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL, policy TEXT NOT NULL"
                    + " REFERENCES policy(hash), reason TEXT NOT NULL, mode TEXT NOT NULL, by_whom TEXT NOT NULL,"
                    + " end_ms INTEGER, end_kind TEXT, end_detail TEXT, decisions INTEGER, dump TEXT) STRICT",
            "CREATE INDEX activation_policy ON activation(policy)",
            "PRAGMA application_id = " + APPLICATION_ID,
            "PRAGMA user_version = " + SCHEMA_VERSION);

    private final Path file;
    private final Connection connection;

    private SqliteRecordStore(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
    }

    /**
     * Opens a store, and makes it where there is none. Activations that an earlier process left open end as
     * {@link Outcome.Kind#INTERRUPTED}.
     *
     * @param file in a directory that exists; readable for its owner alone when it is made
     * @param now by the wall clock
     * @throws RecordStoreException when the file is no store, of a later version, damaged, or in use
     */
    public static SqliteRecordStore open(Path file, Instant now) {
        // EXTRA: the journal that precedes the log must be gone for certain, or it would come back and undo what
        // followed.
        return open(file, now, "EXTRA");
    }

    /** For tests of the tests: with another {@code PRAGMA synchronous}. */
    static SqliteRecordStore open(Path file, Instant now, String synchronous) {
        SqliteLibrary.unpackBeside(file);
        try {
            if (!Files.exists(file)) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath());
            SqliteRecordStore store = new SqliteRecordStore(file, connection);
            try {
                store.prepare(now, synchronous);
            } catch (SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
            return store;
        } catch (SQLException e) {
            throw failed("open", file, e);
        } catch (IOException e) {
            throw new RecordStoreException("cannot make the record store " + file + ": " + e.getMessage(), e);
        }
    }

    private void prepare(Instant now, String synchronous) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = " + BUSY_MS);
            // The lock is taken by the first access and kept, so a second process is told at once, and needs no shared
            // memory.
            statement.execute("PRAGMA locking_mode = EXCLUSIVE");
            int application = number(statement, "PRAGMA application_id");
            int version = number(statement, "PRAGMA user_version");
            boolean empty = number(statement, "SELECT count(*) FROM sqlite_schema") == 0;
            if (!empty && application != APPLICATION_ID) {
                throw new RecordStoreException(
                        file + " is a database of something else; name another file for the records");
            }
            if (version > SCHEMA_VERSION) {
                throw new RecordStoreException(file + " is a record store of version " + version
                        + ", and this gBPF knows versions up to " + SCHEMA_VERSION + "; use the gBPF that wrote it");
            }
            statement.execute("PRAGMA synchronous = " + synchronous);
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA foreign_keys = ON");
            connection.setAutoCommit(false);
            if (empty) {
                for (String sql : SCHEMA) {
                    statement.execute(sql);
                }
            }
            endInterrupted(now);
            connection.commit();
        }
    }

    private static int number(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            return rows.getInt(1);
        }
    }

    private void endInterrupted(Instant now) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE activation SET end_ms = ?, end_kind = ?, end_detail = '', decisions = 0 WHERE end_ms IS NULL")) {
            update.setLong(1, now.toEpochMilli());
            update.setString(2, Outcome.Kind.INTERRUPTED.word());
            update.executeUpdate();
        }
    }

    @Override
    public void store(ObjectHash hash, String name, byte[] object, Instant at) {
        change("store a policy in", () -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO policy(hash, name, stored_ms, object) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
                insert.setString(1, hash.hex());
                insert.setString(2, name);
                insert.setLong(3, at.toEpochMilli());
                insert.setBytes(4, object);
                return insert.executeUpdate();
            }
        });
    }

    @Override
    public Optional<byte[]> object(ObjectHash hash) {
        return read(() -> {
            try (PreparedStatement select = connection.prepareStatement("SELECT object FROM policy WHERE hash = ?")) {
                select.setString(1, hash.hex());
                try (ResultSet rows = select.executeQuery()) {
                    return rows.next() ? Optional.of(rows.getBytes(1)) : Optional.empty();
                }
            }
        });
    }

    @Override
    public List<StoredPolicy> policies() {
        return read(() -> {
            List<StoredPolicy> found = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement(
                            "SELECT hash, name, length(object), stored_ms FROM policy ORDER BY rowid DESC");
                    ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(new StoredPolicy(
                            new ObjectHash(rows.getString(1)),
                            rows.getString(2),
                            rows.getInt(3),
                            Instant.ofEpochMilli(rows.getLong(4))));
                }
            }
            return found;
        });
    }

    @Override
    public long begin(Activation.Start start) {
        return change("record an activation in", () -> {
            if (!isStored(start.policy())) {
                throw new RecordStoreException("policy " + start.policy().tag() + " is not in the record store " + file
                        + ": store it before it is activated");
            }
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO activation(at_ms, policy, reason, mode, by_whom) VALUES (?, ?, ?, ?, ?) RETURNING id")) {
                insert.setLong(1, start.at().toEpochMilli());
                insert.setString(2, start.policy().hex());
                insert.setString(3, start.reason());
                insert.setString(4, start.mode());
                insert.setString(5, start.by());
                try (ResultSet rows = insert.executeQuery()) {
                    return rows.getLong(1);
                }
            }
        });
    }

    private boolean isStored(ObjectHash hash) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT 1 FROM policy WHERE hash = ?")) {
            select.setString(1, hash.hex());
            try (ResultSet rows = select.executeQuery()) {
                return rows.next();
            }
        }
    }

    @Override
    public void end(long activation, Outcome outcome) {
        end(activation, outcome, Optional.empty());
    }

    @Override
    public void eject(long activation, Outcome outcome, String dump) {
        if (dump.length() > MAX_DUMP) {
            throw new IllegalArgumentException(
                    "an exit dump of " + dump.length() + " characters is longer than " + MAX_DUMP);
        }
        end(activation, outcome, Optional.of(dump));
    }

    private void end(long activation, Outcome outcome, Optional<String> dump) {
        change("record an outcome in", () -> {
            if (find(activation).isEmpty()) {
                throw new RecordStoreException("the record store " + file + " has no activation " + activation);
            }
            try (PreparedStatement update = connection.prepareStatement(
                    "UPDATE activation SET end_ms = ?, end_kind = ?, end_detail = ?, decisions = ?, dump = ?"
                            + " WHERE id = ? AND end_ms IS NULL")) {
                update.setLong(1, outcome.at().toEpochMilli());
                update.setString(2, outcome.kind().word());
                update.setString(3, outcome.detail());
                update.setLong(4, outcome.decisions());
                update.setString(5, dump.orElse(null));
                update.setLong(6, activation);
                return update.executeUpdate();
            }
        });
    }

    @Override
    public Optional<String> exitDump(long activation) {
        return read(() -> {
            try (PreparedStatement select = connection.prepareStatement("SELECT dump FROM activation WHERE id = ?")) {
                select.setLong(1, activation);
                try (ResultSet rows = select.executeQuery()) {
                    return rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.empty();
                }
            }
        });
    }

    @Override
    public List<Activation> activations(int limit) {
        if (limit <= 0) {
            throw new IllegalArgumentException("limit=" + limit + " must be positive");
        }
        return read(() -> {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT * FROM activation ORDER BY id DESC LIMIT ?")) {
                select.setInt(1, limit);
                return activations(select);
            }
        });
    }

    private List<Activation> find(long id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT * FROM activation WHERE id = ?")) {
            select.setLong(1, id);
            return activations(select);
        }
    }

    private static List<Activation> activations(PreparedStatement select) throws SQLException {
        List<Activation> found = new ArrayList<>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                found.add(new Activation(
                        rows.getLong("id"),
                        new Activation.Start(
                                Instant.ofEpochMilli(rows.getLong("at_ms")),
                                new ObjectHash(rows.getString("policy")),
                                rows.getString("reason"),
                                rows.getString("mode"),
                                rows.getString("by_whom")),
                        outcome(rows)));
            }
        }
        return found;
    }

    private static Optional<Outcome> outcome(ResultSet rows) throws SQLException {
        String kind = rows.getString("end_kind");
        if (kind == null) {
            return Optional.empty();
        }
        return Optional.of(new Outcome(
                Instant.ofEpochMilli(rows.getLong("end_ms")),
                Outcome.Kind.of(kind),
                rows.getString("end_detail"),
                rows.getLong("decisions")));
    }

    @Override
    public int prune(int keep) {
        if (keep <= 0) {
            throw new IllegalArgumentException("keep=" + keep + " must be positive");
        }
        return change("prune", () -> {
            int forgotten;
            try (PreparedStatement delete =
                    connection.prepareStatement("DELETE FROM activation WHERE end_ms IS NOT NULL"
                            + " AND id NOT IN (SELECT id FROM activation ORDER BY id DESC LIMIT ?)")) {
                delete.setInt(1, keep);
                forgotten = delete.executeUpdate();
            }
            try (Statement delete = connection.createStatement()) {
                delete.executeUpdate("DELETE FROM policy WHERE hash NOT IN (SELECT policy FROM activation)");
            }
            return forgotten;
        });
    }

    @Override
    public synchronized void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failed("close", file, e);
        }
    }

    private interface Work<T> {
        T run() throws SQLException;
    }

    private synchronized <T> T change(String what, Work<T> work) {
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

    private synchronized <T> T read(Work<T> work) {
        try {
            return work.run();
        } catch (SQLException e) {
            throw failed("read", file, e);
        }
    }

    private static RecordStoreException failed(String what, Path file, SQLException e) {
        SqliteFailure failure = SqliteFailure.of(e);
        return new RecordStoreException("cannot " + what + " the record store " + file + ": " + failure.words(), e);
    }
}
