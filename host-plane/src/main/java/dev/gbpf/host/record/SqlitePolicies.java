package dev.gbpf.host.record;

import dev.gbpf.object.ObjectHash;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The table of policies. */
final class SqlitePolicies {
    private final SqliteConnection connection;

    SqlitePolicies(SqliteConnection connection) {
        this.connection = connection;
    }

    void store(ObjectHash hash, String name, byte[] object, Instant at) {
        connection.change("store a policy in", () -> {
            try (PreparedStatement insert = connection.prepare(
                    "INSERT INTO policy(hash, name, stored_ms, object) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
                insert.setString(1, hash.hex());
                insert.setString(2, name);
                insert.setLong(3, at.toEpochMilli());
                insert.setBytes(4, object);
                return insert.executeUpdate();
            }
        });
    }

    Optional<byte[]> object(ObjectHash hash) {
        return connection.read(() -> {
            try (PreparedStatement select = connection.prepare("SELECT object FROM policy WHERE hash = ?")) {
                select.setString(1, hash.hex());
                try (ResultSet rows = select.executeQuery()) {
                    return rows.next() ? Optional.of(rows.getBytes(1)) : Optional.empty();
                }
            }
        });
    }

    List<StoredPolicy> policies() {
        return connection.read(() -> {
            List<StoredPolicy> found = new ArrayList<>();
            try (PreparedStatement select = connection.prepare(
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

    /** Whether there is one of that hash; within a transaction. */
    boolean contains(ObjectHash hash) throws SQLException {
        try (PreparedStatement select = connection.prepare("SELECT 1 FROM policy WHERE hash = ?")) {
            select.setString(1, hash.hex());
            try (ResultSet rows = select.executeQuery()) {
                return rows.next();
            }
        }
    }

    /** Forgets those that were stored before all activations that are left, and that none of those names; within a transaction. */
    void prune(Set<ObjectHash> held) throws SQLException {
        Set<String> unnamed = new HashSet<>();
        try (PreparedStatement select =
                        connection.prepare("SELECT hash FROM policy WHERE hash NOT IN (SELECT policy FROM activation)"
                                + " AND stored_ms <= (SELECT min(at_ms) FROM activation)");
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                unnamed.add(rows.getString(1));
            }
        }
        held.forEach(hash -> unnamed.remove(hash.hex()));
        try (PreparedStatement delete = connection.prepare("DELETE FROM policy WHERE hash = ?")) {
            for (String hash : unnamed) {
                delete.setString(1, hash);
                delete.executeUpdate();
            }
        }
    }
}
