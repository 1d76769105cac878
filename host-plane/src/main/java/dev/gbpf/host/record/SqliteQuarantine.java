package dev.gbpf.host.record;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The table of policies in quarantine. */
final class SqliteQuarantine {
    private final SqliteConnection connection;

    SqliteQuarantine(SqliteConnection connection) {
        this.connection = connection;
    }

    void add(Quarantined policy) {
        connection.change("record a quarantine in", () -> {
            try (PreparedStatement insert = connection.prepare(
                    "INSERT INTO quarantine(tag, name, reason, since_ms) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
                insert.setString(1, policy.tag());
                insert.setString(2, policy.policy());
                insert.setString(3, policy.reason());
                insert.setLong(4, policy.since().toEpochMilli());
                return insert.executeUpdate();
            }
        });
    }

    boolean release(String tag) {
        return connection.change("record a release in", () -> {
            try (PreparedStatement delete = connection.prepare("DELETE FROM quarantine WHERE tag = ?")) {
                delete.setString(1, tag);
                return delete.executeUpdate() > 0;
            }
        });
    }

    List<Quarantined> all() {
        return connection.read(() -> {
            List<Quarantined> found = new ArrayList<>();
            try (PreparedStatement select = connection.prepare(
                            "SELECT tag, name, reason, since_ms FROM quarantine ORDER BY rowid DESC");
                    ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(new Quarantined(
                            rows.getString(1),
                            rows.getString(2),
                            rows.getString(3),
                            Instant.ofEpochMilli(rows.getLong(4))));
                }
            }
            return found;
        });
    }
}
