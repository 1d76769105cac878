package dev.gbpf.host.daemon;

import static dev.gbpf.host.daemon.DaemonTest.assertRefused;
import static dev.gbpf.host.daemon.DaemonTest.call;
import static dev.gbpf.host.daemon.DaemonTest.named;
import static dev.gbpf.host.daemon.DaemonTest.object;
import static dev.gbpf.host.daemon.DaemonTest.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.authority.AccessRules;
import dev.gbpf.host.authority.Principals;
import dev.gbpf.host.authority.TrustPolicy;
import dev.gbpf.host.control.ControlClient;
import dev.gbpf.host.control.Messages;
import dev.gbpf.host.control.ReplyCode;
import dev.gbpf.host.record.RecordStoreException;
import dev.gbpf.lang.compile.CompileResult.Compiled;
import dev.gbpf.lang.compile.PolicyCompiler;
import dev.gbpf.object.PolicyObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What outlives a daemon. */
@Timeout(60)
class DaemonRecordsTest {
    @TempDir
    Path folder;

    private final ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>();

    /** Takes jobs and gives none out: the failsafe takes it out as soon as one has waited for half a second of device time. */
    private static PolicyObject stuck() {
        return ((Compiled) PolicyCompiler.compile(new SourceFile("stuck.gbpf", """
                        policy stuck;
                        hook init(ctx) { dsq_create(1, DSQ_FIFO); dsq_create(2, DSQ_FIFO); }
                        hook on_submit(ctx) { dsq_insert(1); return ENQUEUE; }
                        hook on_dispatch(ctx) { return 2; }
                        """))).object();
    }

    private Daemon start(String socket, @Nullable PolicyObject policy) throws Exception {
        return Daemon.start(
                new DaemonConfig(
                        folder.resolve("run").resolve(socket),
                        null,
                        folder.resolve("state"),
                        DeviceKind.SIMULATED,
                        DeviceRuntimeKind.NONE,
                        DaemonTest.scenario(),
                        50,
                        policy,
                        DaemonConfig.ANY_CPU,
                        false,
                        0,
                        new AccessRules(Principals.self(), Principals.root(), List.of()),
                        TrustPolicy.ANYBODY),
                log::add);
    }

    private ControlClient client() throws Exception {
        return ControlClient.connect(folder.resolve("run/s"));
    }

    private static JsonNode history(ControlClient client) {
        return call(client, "policy.history", Messages.object());
    }

    private static JsonNode awaitEnd(ControlClient client) throws InterruptedException {
        while (true) {
            JsonNode history = history(client);
            JsonNode newest = history.path(history.size() - 1);
            if (newest.path("end").isObject()) {
                return newest;
            }
            Thread.sleep(5);
        }
    }

    @Test
    void history_goesOnAfterARestart_withTrialsRefusalsAndStops() throws Exception {
        PolicyObject unwilling = ((Compiled)
                        PolicyCompiler.compile(new SourceFile("no.gbpf", "policy no;\nhook init(ctx) { return 7; }\n")))
                .object();
        try (Daemon daemon = start("s", policy("one", ""));
                ControlClient client = client()) {
            call(client, "policy.load", object(policy("two", "")));
            call(client, "policy.swap", named("two").put("mode", "canary").put("share", 500));
            call(client, "policy.drop", Messages.object().put("why", "seen enough"));
            call(client, "policy.load", object(unwilling));
            assertRefused(client, "policy.swap", named("no"), ReplyCode.REFUSED);
            assertThat(daemon.failure()).isNull();
        }
        try (Daemon daemon = start("s", policy("three", ""));
                ControlClient client = client()) {
            JsonNode history = history(client);
            assertThat(history)
                    .extracting(a ->
                            a.path("policy").asString() + " " + a.path("mode").asString() + " "
                                    + a.path("end").path("kind").asString())
                    .containsExactly(
                            "one immediate stopped", "two canary dropped", "no immediate refused", "three immediate ");
            assertThat(history.path(0).path("end").path("decisions").asLong()).isPositive();
            assertThat(history.path(0).path("start").path("to").asString()).isEqualTo("one");
            assertThat(history.path(1)
                            .path("end")
                            .path("report")
                            .path("trial")
                            .path("why")
                            .asString())
                    .isEqualTo("seen enough");
            assertThat(history.path(2).path("end").path("why").asString()).isEqualTo("its init returned reason code 7");
            assertThat(call(client, "policy.history", Messages.object().put("limit", 1)))
                    .hasSize(1);
            assertThat(call(client, "policy.stored", Messages.object()))
                    .extracting(p -> p.path("name").asString())
                    .containsExactly("three", "no", "two", "one");
            assertRefused(client, "policy.record", Messages.object().put("number", 99), ReplyCode.NOT_FOUND);
            assertThat(daemon.failure()).isNull();
        }
        assertThat(log).noneMatch(line -> line.contains("was lost"));
    }

    @Test
    void ejection_isRecordedWithItsDump_andQuarantineLastsUntilItIsReleased() throws Exception {
        String tag;
        try (Daemon daemon = start("s", null);
                ControlClient client = client()) {
            tag = call(client, "policy.load", object(stuck())).path("tag").asString();
            for (int i = 0; i < 2; i++) {
                call(client, "policy.swap", named("stuck"));
                JsonNode ended = awaitEnd(client);
                assertThat(ended.path("end").path("kind").asString()).isEqualTo("ejected");
                assertThat(ended.path("end").path("by").asString()).isEqualTo("plane");
                assertThat(ended.path("end").path("why").asString()).startsWith("stall: ");
                JsonNode whole = call(
                        client,
                        "policy.record",
                        Messages.object().put("number", ended.path("number").asLong()));
                assertThat(whole.path("end").path("report").path("format").asString())
                        .isEqualTo("gbpf-exit-1");
                assertThat(whole.path("end").path("report").path("quarantined").asBoolean())
                        .isEqualTo(i == 1);
            }
            assertThatThrownBy(() -> client.call("policy.swap", named("stuck")))
                    .hasMessageContaining("gbpf policy release " + tag);
            assertThat(daemon.failure()).isNull();
        }
        try (Daemon daemon = start("s", stuck());
                ControlClient client = client()) {
            assertThat(log).anyMatch(line -> line.contains("is in quarantine; gbpf policy release " + tag));
            assertThat(call(client, "status", Messages.object()).path("policy").asString())
                    .isEqualTo("bypass");
            assertThat(call(client, "policy.quarantine", Messages.object()))
                    .extracting(p -> p.path("tag").asString())
                    .containsExactly(tag);
            assertRefused(client, "policy.swap", named("stuck"), ReplyCode.REFUSED);
            assertRefused(client, "policy.release", named("one"), ReplyCode.NOT_FOUND);
            call(client, "policy.release", named(tag.substring(0, 6)));
            assertThat(call(client, "policy.swap", named("stuck")).path("to").asString())
                    .isEqualTo("stuck");
            assertThat(call(client, "policy.quarantine", Messages.object())).isEmpty();
            assertThat(daemon.failure()).isNull();
        }
    }

    @Test
    void recordsInUse_andPlacesThatCannotBeMade_areRefusedAtTheStart() throws Exception {
        try (Daemon daemon = start("s", null)) {
            assertThatThrownBy(() -> start("t", null))
                    .isInstanceOf(RecordStoreException.class)
                    .hasMessageContaining("another process has it");
            assertThat(folder.resolve("run/t")).doesNotExist();
            assertThat(daemon.failure()).isNull();
        }
        Files.delete(folder.resolve("state/records.db"));
        Files.writeString(folder.resolve("state/records.db"), "a letter to somebody".repeat(100));
        assertThatThrownBy(() -> start("s", null)).hasMessageContaining("damaged or no database");
        assertThat(folder.resolve("run/s")).doesNotExist();
    }
}
