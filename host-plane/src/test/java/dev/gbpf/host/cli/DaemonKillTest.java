package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.control.ControlClient;
import dev.gbpf.host.control.ControlClient.ReplyException;
import dev.gbpf.host.control.Messages;
import dev.gbpf.host.record.Activation;
import dev.gbpf.host.record.SqliteRecordStore;
import dev.gbpf.host.record.StoredPolicy;
import dev.gbpf.lang.compile.CompileResult.Compiled;
import dev.gbpf.lang.compile.PolicyCompiler;
import dev.gbpf.object.ObjectWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code kill -9} of the daemon at random points while a client loads, swaps, tries and rolls back. What it acknowledged is there after
 * the next start, in order. {@code -Dgbpf.long=true} kills 200 times, {@code -Dgbpf.kills} as often as it says.
 */
@Timeout(3_600)
class DaemonKillTest {
    private static final int KILLS = Integer.getInteger("gbpf.kills", Boolean.getBoolean("gbpf.long") ? 200 : 2);

    /** After so many kills the records begin anew: they would forget the oldest. */
    private static final int KILLS_PER_STORE = 4;

    private static final int POLICIES = 20;

    /** Changes between two kills, at most, however late the kill comes: those of all lives of a store are fewer than the records keep. */
    private static final int CHANGES_PER_KILL = 1_000 / KILLS_PER_STORE - 10;

    @TempDir
    Path folder;

    private final List<Process> processes = new ArrayList<>();
    private final Random random = new Random(20_261_126);
    private final Set<String> stored = new HashSet<>();
    private final List<String> begun = new ArrayList<>();
    private int acknowledged;
    private Path log = Path.of("");
    /** Whether a policy decided when the last daemon was killed: none of the changes ends in bypass. */
    private boolean decided;

    @AfterEach
    void end() {
        processes.forEach(Process::destroyForcibly);
    }

    private Process start(Path state) throws IOException {
        log = folder.resolve("log" + processes.size());
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        GbpfMain.class.getName(),
                        "daemon",
                        "--socket",
                        folder.resolve("run/s").toString(),
                        "--state",
                        state.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        processes.add(process);
        return process;
    }

    private ControlClient connect(Process process) throws IOException, InterruptedException {
        while (true) {
            try {
                ControlClient client = ControlClient.connect(folder.resolve("run/s"));
                client.call("hello", Messages.object());
                return client;
            } catch (IOException | ReplyException e) {
                assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
                Thread.sleep(10);
            }
        }
    }

    private static String object(int number) {
        String source = """
                policy p%d;
                const NUMBER = %d;
                hook init(ctx) { dsq_create(1, DSQ_VTIME); }
                hook on_submit(ctx) { dsq_insert_vtime(1, NUMBER); return ENQUEUE; }
                hook on_dispatch(ctx) { return 1; }
                """.formatted(number % 3, number);
        Compiled compiled = (Compiled) PolicyCompiler.compile(new SourceFile("p.gbpf", source));
        return Base64.getEncoder().encodeToString(ObjectWriter.write(compiled.object()));
    }

    @Test
    void killedDaemon_losesNothingThatItAcknowledged() throws Exception {
        Path state = folder;
        for (int kill = 0; kill < KILLS; kill++) {
            if (kill % KILLS_PER_STORE == 0) {
                state = folder.resolve("state" + kill);
                stored.clear();
                begun.clear();
            }
            Process process = start(state);
            try (ControlClient client = connect(process)) {
                if (kill % KILLS_PER_STORE > 0) {
                    checkHistory(client);
                }
                decided = false;
                CountDownLatch first = new CountDownLatch(1);
                CompletableFuture<Void> changes = CompletableFuture.runAsync(() -> change(client, first));
                first.await();
                Thread.sleep(random.nextInt(250));
                process.destroyForcibly();
                changes.join();
            }
            assertThat(process.waitFor()).as("killed, and not ended by itself").isEqualTo(137);
        }
        checkStore(state);
        assertThat(acknowledged).isGreaterThanOrEqualTo(KILLS);
        System.out.println("kills=" + KILLS + " acknowledged=" + acknowledged);
    }

    /** Changes policies until the daemon is gone, or there are enough. */
    private void change(ControlClient client, CountDownLatch first) {
        try {
            int loaded = 0;
            for (int i = 0; i < CHANGES_PER_KILL; i++) {
                int choice = random.nextInt(10);
                if (loaded == 0 || (choice < 3 && loaded < POLICIES)) {
                    loaded++;
                    JsonNode policy =
                            client.call("policy.load", Messages.object().put("object", object(random.nextInt(1_000))));
                    stored.add(policy.path("tag").asString());
                    acknowledged++;
                } else {
                    change(client, choice);
                }
                if (i == 2) {
                    first.countDown();
                }
            }
        } catch (IOException _) {
            // It was killed.
        } catch (ReplyException e) {
            throw new AssertionError(e);
        } finally {
            first.countDown();
        }
    }

    private void change(ControlClient client, int choice) throws IOException {
        ObjectNode policy = Messages.object().put("policy", Integer.toString(1 + random.nextInt(POLICIES)));
        try {
            JsonNode reply = switch (choice) {
                case 3, 4, 5, 6 -> client.call("policy.swap", policy.put("drop", true));
                case 7 -> client.call("policy.swap", policy.put("mode", "shadow"));
                case 8 -> client.call("policy.drop", Messages.object());
                default -> client.call("policy.rollback", Messages.object());
            };
            if (!reply.path("event").asString().equals("trial_ended")) {
                begun.add(reply.toString());
            }
            acknowledged++;
            decided |= reply.path("event").asString().equals("activated");
        } catch (ReplyException e) {
            assertThat(e.code()).isIn("refused", "not_found");
        }
    }

    private void checkHistory(ControlClient client) throws IOException, ReplyException {
        List<String> starts = new ArrayList<>();
        for (JsonNode activation :
                client.call("policy.history", Messages.object().put("limit", 1_000))) {
            starts.add(activation.path("start").toString());
            assertThat(activation.path("end").isObject())
                    .as(activation.toString())
                    .isTrue();
        }
        assertInOrder(starts);
        if (decided) {
            assertThat(Files.readString(log)).contains("was lost with the daemon");
        }
        Set<String> tags = new HashSet<>();
        client.call("policy.stored", Messages.object())
                .forEach(policy -> tags.add(policy.path("tag").asString()));
        assertThat(tags).containsAll(stored);
    }

    /** What was acknowledged is there in its order; a daemon that is killed early has acknowledged nothing. */
    private void assertInOrder(List<String> starts) {
        if (!begun.isEmpty()) {
            assertThat(starts).containsSubsequence(begun);
        }
    }

    private void checkStore(Path state) {
        try (SqliteRecordStore store = SqliteRecordStore.open(state.resolve("records.db"), Instant.now())) {
            assertInOrder(store.activations(1_000).reversed().stream()
                    .map(Activation::start)
                    .map(Activation.Start::detail)
                    .toList());
            assertThat(store.policies())
                    .extracting(StoredPolicy::hash)
                    .extracting(hash -> hash.tag())
                    .containsAll(stored);
        }
    }
}
