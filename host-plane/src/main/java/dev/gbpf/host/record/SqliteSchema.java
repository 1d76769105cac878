package dev.gbpf.host.record;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The tables of a record store, version by version. A store of an earlier version is brought up to the newest when it is opened. */
final class SqliteSchema {
    /** Marks the file as ours: "gBPF". */
    private static final int APPLICATION_ID = 0x67425046;

    /** What brings a store from each version to the next; an empty file is of version 0. */
    private static final List<List<String>> STEPS = List.of(
            List.of(
                    "CREATE TABLE policy (hash TEXT PRIMARY KEY, name TEXT NOT NULL, stored_ms INTEGER NOT NULL, object BLOB NOT NULL)"
                            + " STRICT",
                    "CREATE TABLE activation (id INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL, policy TEXT NOT NULL"
                            + " REFERENCES policy(hash), reason TEXT NOT NULL, mode TEXT NOT NULL, by_whom TEXT NOT NULL,"
                            + " end_ms INTEGER, end_kind TEXT, end_detail TEXT, decisions INTEGER, dump TEXT) STRICT",
                    "CREATE INDEX activation_policy ON activation(policy)",
                    "PRAGMA application_id = " + APPLICATION_ID),
            List.of(
                    "ALTER TABLE activation ADD COLUMN detail TEXT NOT NULL DEFAULT ''",
                    "ALTER TABLE activation ADD COLUMN end_by TEXT NOT NULL DEFAULT ''",
                    "ALTER TABLE activation RENAME COLUMN dump TO report",
                    "CREATE TABLE quarantine (tag TEXT PRIMARY KEY, name TEXT NOT NULL, reason TEXT NOT NULL,"
                            + " since_ms INTEGER NOT NULL) STRICT"));

    private SqliteSchema() {}

    /**
     * The version of a store.
     *
     * @throws RecordStoreException when it is something else, or of a later version
     */
    static int version(Path file, Statement statement) throws SQLException {
        int application = number(statement, "PRAGMA application_id");
        int version = number(statement, "PRAGMA user_version");
        boolean empty = number(statement, "SELECT count(*) FROM sqlite_schema") == 0;
        if (!empty && application != APPLICATION_ID) {
            throw new RecordStoreException(
                    file + " is a database of something else; name another file for the records");
        }
        if (version > STEPS.size()) {
            throw new RecordStoreException(file + " is a record store of version " + version
                    + ", and this gBPF knows versions up to " + STEPS.size() + "; use the gBPF that wrote it");
        }
        return empty ? 0 : version;
    }

    /** Brings a store up to the newest version, in the transaction that is open. */
    static void upgrade(int version, Statement statement) throws SQLException {
        for (int step = version; step < STEPS.size(); step++) {
            for (String sql : STEPS.get(step)) {
                statement.execute(sql);
            }
        }
        if (version < STEPS.size()) {
            statement.execute("PRAGMA user_version = " + STEPS.size());
        }
    }

    /** The tables of an earlier version, for tests of the way from it. */
    static List<String> step(int version) {
        return STEPS.get(version);
    }

    private static int number(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            return rows.getInt(1);
        }
    }
}
