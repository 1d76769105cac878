package dev.gbpf.host.record;

import dev.gbpf.object.ObjectHash;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Records in one SQLite file. Changes go to the write-ahead log, which is synchronised before a change is acknowledged
 * ({@code synchronous=EXTRA}: <a href="https://www.sqlite.org/pragma.html#pragma_synchronous">SQLite's manual</a>). One process
 * at a time has the file.
 */
public final class SqliteRecordStore implements RecordStore {
    private final SqliteConnection connection;
    private final SqlitePolicies policies;
    private final SqliteActivations activations;
    private final SqliteQuarantine quarantine;
    private final List<Activation> interrupted;

    private SqliteRecordStore(SqliteConnection connection, Instant now) {
        this.connection = connection;
        this.policies = new SqlitePolicies(connection);
        this.activations = new SqliteActivations(connection, policies);
        this.quarantine = new SqliteQuarantine(connection);
        this.interrupted = activations.endInterrupted(now);
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
        SqliteConnection connection = SqliteConnection.open(file, synchronous);
        try {
            return new SqliteRecordStore(connection, now);
        } catch (RecordStoreException e) {
            connection.close();
            throw e;
        }
    }

    /** The activations that an earlier process left open, as they were, the oldest first. */
    public List<Activation> interrupted() {
        return interrupted;
    }

    @Override
    public void store(ObjectHash hash, String name, byte[] object, Instant at) {
        policies.store(hash, name, object, at);
    }

    @Override
    public Optional<byte[]> object(ObjectHash hash) {
        return policies.object(hash);
    }

    @Override
    public List<StoredPolicy> policies() {
        return policies.policies();
    }

    @Override
    public long begin(Activation.Start start) {
        return activations.begin(start);
    }

    @Override
    public long succeed(long ended, Outcome outcome, Activation.Start start) {
        return activations.succeed(ended, outcome, start);
    }

    @Override
    public long refused(Activation.Start start, Outcome outcome) {
        return activations.refused(start, outcome);
    }

    @Override
    public void end(long activation, Outcome outcome) {
        activations.end(activation, outcome, Optional.empty());
    }

    @Override
    public void end(long activation, Outcome outcome, String report) {
        if (report.length() > MAX_REPORT) {
            throw new IllegalArgumentException(
                    "a report of " + report.length() + " characters is longer than " + MAX_REPORT);
        }
        activations.end(activation, outcome, Optional.of(report));
    }

    @Override
    public Optional<String> report(long activation) {
        return activations.report(activation);
    }

    @Override
    public List<Activation> activations(int limit) {
        positive("limit", limit);
        return activations.activations(limit);
    }

    @Override
    public Optional<Activation> activation(long id) {
        return activations.activation(id);
    }

    @Override
    public int prune(int keep, Set<ObjectHash> held) {
        positive("keep", keep);
        return activations.prune(keep, held);
    }

    private static void positive(String name, int number) {
        if (number <= 0) {
            throw new IllegalArgumentException(name + "=" + number + " must be positive");
        }
    }

    @Override
    public void quarantine(Quarantined policy) {
        quarantine.add(policy);
    }

    @Override
    public boolean release(String tag) {
        return quarantine.release(tag);
    }

    @Override
    public List<Quarantined> quarantined() {
        return quarantine.all();
    }

    @Override
    public void close() {
        connection.close();
    }
}
