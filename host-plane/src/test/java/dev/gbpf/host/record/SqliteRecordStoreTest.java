package dev.gbpf.host.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteRecordStoreTest {
    private static final Instant T0 = Instant.ofEpochMilli(1_000);
    private static final Instant T1 = Instant.ofEpochMilli(2_000);
    private static final byte[] OBJECT = {1, 2, 3};

    @TempDir
    private Path directory;

    private SqliteRecordStore open() {
        return SqliteRecordStore.open(directory.resolve("records.db"), T1);
    }

    private static Activation.Start start(int policy) {
        return new Activation.Start(T0, RecordWorkload.hash(policy), "swap", "canary", "uid 7", "{\"queuedJobs\":3}");
    }

    private static Outcome outcome(Outcome.Kind kind) {
        return new Outcome(T1, kind, "uid 8", "because", 42);
    }

    private static long activate(RecordStore store, int policy) {
        store.store(RecordWorkload.hash(policy), "p" + policy, OBJECT, T0);
        return store.begin(start(policy));
    }

    @Test
    void whatWasStored_isThereAfterReopening() {
        long id;
        try (RecordStore store = open()) {
            id = activate(store, 1);
            store.end(id, outcome(Outcome.Kind.REPLACED));
        }
        try (RecordStore store = open()) {
            assertThat(store.policies())
                    .containsExactly(new StoredPolicy(RecordWorkload.hash(1), "p1", OBJECT.length, T0));
            assertThat(store.object(RecordWorkload.hash(1)).orElseThrow()).isEqualTo(OBJECT);
            assertThat(store.object(RecordWorkload.hash(2))).isEmpty();
            assertThat(store.activations(10))
                    .containsExactly(new Activation(id, "p1", start(1), Optional.of(outcome(Outcome.Kind.REPLACED))));
        }
    }

    @Test
    void activationThatNobodyEnded_isInterruptedAtTheNextStart() {
        try (RecordStore store = open()) {
            activate(store, 1);
            assertThat(store.activations(1).getFirst().outcome()).isEmpty();
        }
        try (SqliteRecordStore store = open()) {
            assertThat(store.interrupted()).extracting(Activation::policy).containsExactly("p1");
            assertThat(store.activations(1).getFirst().outcome())
                    .contains(new Outcome(T1, Outcome.Kind.INTERRUPTED, "", "", 0));
        }
    }

    @Test
    void changeOfPolicy_isRecordedAsAWholeOrNotAtAll() {
        try (RecordStore store = open()) {
            long first = activate(store, 1);
            assertThatThrownBy(() -> store.succeed(first, outcome(Outcome.Kind.REPLACED), start(2)))
                    .isInstanceOf(RecordStoreException.class)
                    .hasMessageContaining("store it before it is activated");
            assertThat(store.activations(9)).extracting(Activation::outcome).containsExactly(Optional.empty());
            store.store(RecordWorkload.hash(2), "p2", OBJECT, T0);
            long second = store.succeed(first, outcome(Outcome.Kind.REPLACED), start(2));
            assertThat(store.activations(9))
                    .containsExactly(
                            new Activation(second, "p2", start(2), Optional.empty()),
                            new Activation(first, "p1", start(1), Optional.of(outcome(Outcome.Kind.REPLACED))));
            assertThatThrownBy(() -> store.succeed(99, outcome(Outcome.Kind.REPLACED), start(2)))
                    .hasMessageContaining("has no activation 99");
            assertThat(store.activations(9)).hasSize(2);
        }
    }

    @Test
    void refusal_isOverWhenItBegins() {
        try (RecordStore store = open()) {
            store.store(RecordWorkload.hash(1), "p1", OBJECT, T0);
            long id = store.refused(start(1), outcome(Outcome.Kind.REFUSED));
            assertThat(store.activations(9))
                    .containsExactly(new Activation(id, "p1", start(1), Optional.of(outcome(Outcome.Kind.REFUSED))));
        }
    }

    @Test
    void ejection_comesWithItsDump() {
        try (RecordStore store = open()) {
            long id = activate(store, 1);
            store.end(id, outcome(Outcome.Kind.EJECTED), "{\"queues\":[]}");
            assertThat(store.report(id)).contains("{\"queues\":[]}");
            assertThat(store.report(id + 1)).isEmpty();
        }
    }

    @Test
    void dumpThatIsTooLong_changesNothing() {
        try (RecordStore store = open()) {
            long id = activate(store, 1);
            assertThatThrownBy(
                            () -> store.end(id, outcome(Outcome.Kind.EJECTED), "x".repeat(RecordStore.MAX_REPORT + 1)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(store.activations(1).getFirst().outcome()).isEmpty();
        }
    }

    @Test
    void secondEnd_changesNothing() {
        try (RecordStore store = open()) {
            long id = activate(store, 1);
            store.end(id, outcome(Outcome.Kind.ROLLED_BACK));
            store.end(id, outcome(Outcome.Kind.EJECTED), "{}");
            assertThat(store.activations(1).getFirst().outcome()).contains(outcome(Outcome.Kind.ROLLED_BACK));
            assertThat(store.report(id)).isEmpty();
        }
    }

    @Test
    void policyThatIsThere_staysAsItIs() {
        try (RecordStore store = open()) {
            store.store(RecordWorkload.hash(1), "p", OBJECT, T0);
            store.store(RecordWorkload.hash(1), "q", new byte[] {9}, T1);
            assertThat(store.policies())
                    .containsExactly(new StoredPolicy(RecordWorkload.hash(1), "p", OBJECT.length, T0));
        }
    }

    @Test
    void activationOfAPolicyThatIsNotStored_isRefused() {
        try (RecordStore store = open()) {
            assertThatThrownBy(() -> store.begin(start(5)))
                    .isInstanceOf(RecordStoreException.class)
                    .hasMessageContaining("store it before");
            assertThat(store.activations(1)).isEmpty();
            assertThatThrownBy(() -> store.end(77, outcome(Outcome.Kind.STOPPED)))
                    .isInstanceOf(RecordStoreException.class)
                    .hasMessageContaining("no activation 77");
        }
    }

    @Test
    void prune_keepsTheYoungestAndThoseThatLast_andPoliciesThatAreHeldOrNewer() {
        try (RecordStore store = open()) {
            store.end(activate(store, 1), outcome(Outcome.Kind.REPLACED));
            store.store(RecordWorkload.hash(2), "held", OBJECT, T0);
            store.store(RecordWorkload.hash(3), "old", OBJECT, T0);
            store.store(RecordWorkload.hash(4), "new", OBJECT, T1);
            assertThat(store.prune(1, Set.of(RecordWorkload.hash(2)))).isZero();
            assertThat(store.policies()).hasSize(4);
            long lasting = activate(store, 5);
            long youngest = activate(store, 6);
            store.end(youngest, outcome(Outcome.Kind.REPLACED));
            assertThat(store.prune(1, Set.of(RecordWorkload.hash(2)))).isEqualTo(1);
            assertThat(store.activations(9)).extracting(Activation::id).containsExactly(youngest, lasting);
            assertThat(store.policies())
                    .extracting(StoredPolicy::name)
                    .containsExactlyInAnyOrder("held", "new", "p5", "p6");
        }
    }

    @Test
    void quarantine_lastsUntilItIsReleased() {
        Quarantined first = new Quarantined("abcd", "p", "stall: nothing moved", T0);
        try (RecordStore store = open()) {
            store.quarantine(first);
            store.quarantine(new Quarantined("abcd", "p", "stall again", T1));
            store.quarantine(new Quarantined("ef01", "q", "slow", T1));
        }
        try (RecordStore store = open()) {
            assertThat(store.quarantined()).extracting(Quarantined::tag).containsExactly("ef01", "abcd");
            assertThat(store.quarantined()).contains(first);
            assertThat(store.release("ef01")).isTrue();
            assertThat(store.release("ef01")).isFalse();
        }
        try (RecordStore store = open()) {
            assertThat(store.quarantined()).containsExactly(first);
        }
    }

    @Test
    void storeInUse_isRefused() {
        try (RecordStore store = open()) {
            store.store(RecordWorkload.hash(1), "p", OBJECT, T0);
            assertThatThrownBy(this::open)
                    .isInstanceOf(RecordStoreException.class)
                    .hasMessageContaining("another process has it");
        }
    }

    @Test
    void fileOfSomethingElse_isRefusedAndLeftAlone() throws Exception {
        Path file = directory.resolve("records.db");
        Files.writeString(file, "not a database, but a letter that somebody wrote ".repeat(100));
        byte[] before = Files.readAllBytes(file);
        assertThatThrownBy(this::open)
                .isInstanceOf(RecordStoreException.class)
                .hasMessageContaining("damaged or no database");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void databaseOfSomethingElse_isRefused() throws SQLException {
        execute("CREATE TABLE cats(name TEXT)");
        assertThatThrownBy(this::open).isInstanceOf(RecordStoreException.class).hasMessageContaining("something else");
    }

    @Test
    void storeOfALaterVersion_isRefused() throws SQLException {
        open().close();
        execute("PRAGMA user_version = 3");
        assertThatThrownBy(this::open).isInstanceOf(RecordStoreException.class).hasMessageContaining("version 3");
    }

    @Test
    void storeOfTheFirstVersion_isBroughtUp_withWhatItHolds() throws SQLException {
        for (String sql : SqliteSchema.step(0)) {
            execute(sql);
        }
        String hash = RecordWorkload.hash(1).hex();
        execute("INSERT INTO policy VALUES ('" + hash + "', 'p1', 1000, x'010203')");
        execute("INSERT INTO activation VALUES (7, 1000, '" + hash + "', 'swap', 'canary', 'uid 7', 2000, 'ejected',"
                + " 'because', 42, '{}')");
        execute("PRAGMA user_version = 1");
        try (RecordStore store = open()) {
            assertThat(store.activations(9))
                    .containsExactly(new Activation(
                            7,
                            "p1",
                            new Activation.Start(T0, RecordWorkload.hash(1), "swap", "canary", "uid 7", ""),
                            Optional.of(new Outcome(T1, Outcome.Kind.EJECTED, "", "because", 42))));
            assertThat(store.report(7)).contains("{}");
            assertThat(store.activation(7)).isPresent();
            assertThat(store.activation(8)).isEmpty();
            assertThat(store.quarantined()).isEmpty();
        }
        open().close();
    }

    @Test
    void librariesOfKilledProcesses_areSweptAway() throws Exception {
        Path old = Files.createFile(directory.resolve("sqlite-1-libsqlitejdbc.so"));
        Path other = Files.createFile(directory.resolve("other"));
        SqliteLibrary.sweep(directory, Instant.now().minusSeconds(60));
        assertThat(old).exists();
        SqliteLibrary.sweep(directory, Instant.now().plusSeconds(60));
        assertThat(old).doesNotExist();
        assertThat(other).exists();
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("records.db"));
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void directoryThatIsMissing_isSaid() {
        assertThatThrownBy(() -> SqliteRecordStore.open(directory.resolve("no/records.db"), T0))
                .isInstanceOf(RecordStoreException.class)
                .hasMessageContaining("no");
    }

    @Test
    void newStore_isItsOwnersAlone() throws Exception {
        open().close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("records.db"))))
                .isEqualTo("rw-------");
    }
}
