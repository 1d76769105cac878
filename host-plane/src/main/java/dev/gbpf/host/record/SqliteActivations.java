package dev.gbpf.host.record;

import dev.gbpf.object.ObjectHash;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The table of activations. */
final class SqliteActivations {
    private static final String SELECT = "SELECT a.*, p.name FROM activation a JOIN policy p ON p.hash = a.policy ";

    private final SqliteConnection connection;
    private final SqlitePolicies policies;

    SqliteActivations(SqliteConnection connection, SqlitePolicies policies) {
        this.connection = connection;
        this.policies = policies;
    }

    /** Ends those that an earlier process left open; as they were, the oldest first. */
    List<Activation> endInterrupted(Instant now) {
        return connection.change("close what an earlier process left open in", () -> {
            List<Activation> open;
            try (PreparedStatement select = connection.prepare(SELECT + "WHERE a.end_ms IS NULL ORDER BY a.id")) {
                open = activations(select);
            }
            for (Activation activation : open) {
                setOutcome(activation.id(), new Outcome(now, Outcome.Kind.INTERRUPTED, "", "", 0), Optional.empty());
            }
            return List.copyOf(open);
        });
    }

    long begin(Activation.Start start) {
        return connection.change("record an activation in", () -> insert(start));
    }

    /** A change of policy is one transaction: between two there would be a moment in which nothing decides. */
    long succeed(long ended, Outcome outcome, Activation.Start start) {
        return connection.change("record a change of policy in", () -> {
            mustExist(ended);
            setOutcome(ended, outcome, Optional.empty());
            return insert(start);
        });
    }

    long refused(Activation.Start start, Outcome outcome) {
        return connection.change("record a refusal in", () -> {
            long id = insert(start);
            setOutcome(id, outcome, Optional.empty());
            return id;
        });
    }

    void end(long activation, Outcome outcome, Optional<String> report) {
        connection.change("record an outcome in", () -> {
            mustExist(activation);
            return setOutcome(activation, outcome, report);
        });
    }

    private void mustExist(long activation) throws SQLException {
        if (find(activation).isEmpty()) {
            throw new RecordStoreException(
                    "the record store " + connection.file() + " has no activation " + activation);
        }
    }

    private long insert(Activation.Start start) throws SQLException {
        if (!policies.contains(start.hash())) {
            throw new RecordStoreException("policy " + start.hash().tag() + " is not in the record store "
                    + connection.file() + ": store it before it is activated");
        }
        try (PreparedStatement insert =
                connection.prepare("INSERT INTO activation(at_ms, policy, reason, mode, by_whom, detail)"
                        + " VALUES (?, ?, ?, ?, ?, ?) RETURNING id")) {
            insert.setLong(1, start.at().toEpochMilli());
            insert.setString(2, start.hash().hex());
            insert.setString(3, start.reason());
            insert.setString(4, start.mode());
            insert.setString(5, start.by());
            insert.setString(6, start.detail());
            try (ResultSet rows = insert.executeQuery()) {
                return rows.getLong(1);
            }
        }
    }

    private int setOutcome(long activation, Outcome outcome, Optional<String> report) throws SQLException {
        try (PreparedStatement update =
                connection.prepare("UPDATE activation SET end_ms = ?, end_kind = ?, end_by = ?, end_detail = ?,"
                        + " decisions = ?, report = ? WHERE id = ? AND end_ms IS NULL")) {
            update.setLong(1, outcome.at().toEpochMilli());
            update.setString(2, outcome.kind().word());
            update.setString(3, outcome.by());
            update.setString(4, outcome.detail());
            update.setLong(5, outcome.decisions());
            update.setString(6, report.orElse(null));
            update.setLong(7, activation);
            return update.executeUpdate();
        }
    }

    Optional<String> report(long activation) {
        return connection.read(() -> {
            try (PreparedStatement select = connection.prepare("SELECT report FROM activation WHERE id = ?")) {
                select.setLong(1, activation);
                try (ResultSet rows = select.executeQuery()) {
                    return rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.empty();
                }
            }
        });
    }

    List<Activation> activations(int limit) {
        return connection.read(() -> {
            try (PreparedStatement select = connection.prepare(SELECT + "ORDER BY a.id DESC LIMIT ?")) {
                select.setInt(1, limit);
                return activations(select);
            }
        });
    }

    Optional<Activation> activation(long id) {
        return connection.read(() -> find(id));
    }

    private Optional<Activation> find(long id) throws SQLException {
        try (PreparedStatement select = connection.prepare(SELECT + "WHERE a.id = ?")) {
            select.setLong(1, id);
            return activations(select).stream().findFirst();
        }
    }

    private static List<Activation> activations(PreparedStatement select) throws SQLException {
        List<Activation> found = new ArrayList<>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                found.add(new Activation(
                        rows.getLong("id"),
                        rows.getString("name"),
                        new Activation.Start(
                                Instant.ofEpochMilli(rows.getLong("at_ms")),
                                new ObjectHash(rows.getString("policy")),
                                rows.getString("reason"),
                                rows.getString("mode"),
                                rows.getString("by_whom"),
                                rows.getString("detail")),
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
                rows.getString("end_by"),
                rows.getString("end_detail"),
                rows.getLong("decisions")));
    }

    int prune(int keep, Set<ObjectHash> held) {
        return connection.change("prune", () -> {
            int forgotten;
            try (PreparedStatement delete = connection.prepare("DELETE FROM activation WHERE end_ms IS NOT NULL"
                    + " AND id NOT IN (SELECT id FROM activation ORDER BY id DESC LIMIT ?)")) {
                delete.setInt(1, keep);
                forgotten = delete.executeUpdate();
            }
            if (forgotten > 0) {
                policies.prune(held);
            }
            return forgotten;
        });
    }
}
