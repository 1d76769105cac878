package dev.gbpf.host.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.host.control.ReplyCode;
import dev.gbpf.host.control.RequestException;
import dev.gbpf.host.failsafe.Quarantine;
import dev.gbpf.host.record.Activation;
import dev.gbpf.host.record.Outcome;
import dev.gbpf.host.record.SqliteRecordStore;
import dev.gbpf.host.swap.ActivationRecord;
import dev.gbpf.object.ObjectHash;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyRecorderTest {
    private static final ObjectHash ONE = new ObjectHash("1".repeat(64));
    private static final ObjectHash TWO = new ObjectHash("2".repeat(64));

    @TempDir
    Path folder;

    private final ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>();

    private static ActivationRecord activation(ObjectHash from, ObjectHash to, String reason) {
        return new ActivationRecord(
                5, "from", from.tag(), 42, "to", to.tag(), reason, 0, 0, List.of(), List.of(), List.of(), List.of());
    }

    private SqliteRecordStore open() {
        return SqliteRecordStore.open(folder.resolve("records.db"), Instant.ofEpochMilli(7));
    }

    @Test
    void activationsFollowEachOther_eachWithItsEnd() throws Exception {
        try (PolicyRecorder recorder = new PolicyRecorder(open(), log::add)) {
            recorder.store(ONE, "one", new byte[] {1});
            recorder.store(TWO, "two", new byte[] {2});
            recorder.asking("alice");
            recorder.activated(activation(TWO, ONE, "start"));
            recorder.asking(null);
            recorder.activated(activation(ONE, TWO, "swap"));
            recorder.activated(activation(TWO, ONE, "rollback: it was worse"));
            recorder.stopped("one", 9, 0);
            recorder.flush();
            List<Activation> all = recorder.records().activations(9).reversed();
            assertThat(all).extracting(Activation::policy).containsExactly("one", "two", "one");
            assertThat(all).extracting(a -> a.start().by()).containsExactly("alice", "plane", "plane");
            assertThat(all)
                    .extracting(a -> a.outcome().orElseThrow().kind())
                    .containsExactly(Outcome.Kind.REPLACED, Outcome.Kind.ROLLED_BACK, Outcome.Kind.STOPPED);
            assertThat(all)
                    .extracting(a -> a.outcome().orElseThrow().decisions())
                    .containsExactly(42L, 42L, 9L);
        }
        assertThat(log).isEmpty();
    }

    @Test
    void whatTheDiskDoesNotTake_isNotAcknowledged() throws Exception {
        SqliteRecordStore store = open();
        try (PolicyRecorder recorder = new PolicyRecorder(store, log::add)) {
            recorder.store(ONE, "one", new byte[] {1});
            store.close();
            recorder.activated(activation(TWO, ONE, "start"));
            assertThatThrownBy(recorder::flush)
                    .isInstanceOfSatisfying(
                            RequestException.class, e -> assertThat(e.code()).isEqualTo(ReplyCode.NOT_RECORDED));
            assertThatThrownBy(() -> recorder.store(TWO, "two", new byte[] {2}))
                    .isInstanceOf(RequestException.class)
                    .hasMessageContaining("two was not loaded");
            recorder.flush();
        }
        assertThat(log).anyMatch(line -> line.startsWith("not recorded, that to decides: "));
    }

    @Test
    void policyThatWasNeverStored_isNotRecorded_andQuarantineIs() throws Exception {
        try (PolicyRecorder recorder = new PolicyRecorder(open(), log::add)) {
            recorder.activated(activation(TWO, ONE, "start"));
            assertThatThrownBy(recorder::flush).hasMessageContaining("was never stored");
            recorder.quarantined(new Quarantine.Entry(ONE.tag(), "one", 3, "stall: x"));
            recorder.flush();
            assertThat(recorder.records().quarantined().getFirst().reason()).isEqualTo("stall: x");
        }
    }
}
