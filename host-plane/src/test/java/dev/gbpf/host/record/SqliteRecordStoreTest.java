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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteRecordStoreTest {
    private static final Instant T0 = Instant.ofEpochMilli(1_000);
    private static final Instant T1 = Instant.ofEpochMilli(2_000);
    private static final byte[] OBJECT = {1, 2, 3};

    @TempDir
    private Path directory;

    private RecordStore open() {
        return SqliteRecordStore.open(directory.resolve("records.db"), T1);
    }

    private static Activation.Start start(int policy) {
        return new Activation.Start(T0, RecordWorkload.hash(policy), "swap", "canary", "uid 7");
    }

    private static Outcome outcome(Outcome.Kind kind) {
        return new Outcome(T1, kind, "because", 42);
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
                    .containsExactly(new Activation(id, start(1), Optional.of(outcome(Outcome.Kind.REPLACED))));
        }
    }

    @Test
    void activationThatNobodyEnded_isInterruptedAtTheNextStart() {
        try (RecordStore store = open()) {
            activate(store, 1);
            assertThat(store.activations(1).getFirst().outcome()).isEmpty();
        }
        try (RecordStore store = open()) {
            assertThat(store.activations(1).getFirst().outcome())
                    .contains(new Outcome(T1, Outcome.Kind.INTERRUPTED, "", 0));
        }
    }

    @Test
    void ejection_comesWithItsDump() {
        try (RecordStore store = open()) {
            long id = activate(store, 1);
            store.eject(id, outcome(Outcome.Kind.EJECTED), "{\"queues\":[]}");
            assertThat(store.exitDump(id)).contains("{\"queues\":[]}");
            assertThat(store.exitDump(id + 1)).isEmpty();
        }
    }

    @Test
    void dumpThatIsTooLong_changesNothing() {
        try (RecordStore store = open()) {
            long id = activate(store, 1);
            assertThatThrownBy(
                            () -> store.eject(id, outcome(Outcome.Kind.EJECTED), "x".repeat(RecordStore.MAX_DUMP + 1)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(store.activations(1).getFirst().outcome()).isEmpty();
        }
    }

    @Test
    void secondEnd_changesNothing() {
        try (RecordStore store = open()) {
            long id = activate(store, 1);
            store.end(id, outcome(Outcome.Kind.ROLLED_BACK));
            store.eject(id, outcome(Outcome.Kind.EJECTED), "{}");
            assertThat(store.activations(1).getFirst().outcome()).contains(outcome(Outcome.Kind.ROLLED_BACK));
            assertThat(store.exitDump(id)).isEmpty();
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
    void prune_keepsTheYoungestAndThoseThatLast() {
        try (RecordStore store = open()) {
            long lasting = activate(store, 1);
            store.end(activate(store, 2), outcome(Outcome.Kind.REPLACED));
            long youngest = activate(store, 3);
            store.end(youngest, outcome(Outcome.Kind.REPLACED));
            assertThat(store.prune(1)).isEqualTo(1);
            assertThat(store.activations(9)).extracting(Activation::id).containsExactly(youngest, lasting);
            assertThat(store.policies())
                    .extracting(StoredPolicy::hash)
                    .containsExactlyInAnyOrder(RecordWorkload.hash(1), RecordWorkload.hash(3));
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
        execute("PRAGMA user_version = 2");
        assertThatThrownBy(this::open).isInstanceOf(RecordStoreException.class).hasMessageContaining("version 2");
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
