package dev.gbpf.host.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.host.authority.AccessRules;
import dev.gbpf.host.authority.Principals;
import dev.gbpf.host.authority.TrustPolicy;
import dev.gbpf.host.control.ControlClient;
import dev.gbpf.host.control.ControlClient.ReplyException;
import dev.gbpf.host.control.Messages;
import dev.gbpf.host.interpose.AttachSocket;
import dev.gbpf.host.recording.Recording;
import dev.gbpf.host.recording.RecordingFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A daemon for applications, by its protocol. */
@Timeout(60)
class ApplicationsTest {
    @TempDir
    Path folder;

    private Daemon daemon(DeviceKind kind) throws Exception {
        return Daemon.start(
                new DaemonConfig(
                        folder.resolve("run/s"),
                        null,
                        folder.resolve("state"),
                        kind,
                        DeviceRuntimeKind.NONE,
                        IdleScenario.create(),
                        1,
                        null,
                        DaemonConfig.ANY_CPU,
                        false,
                        0,
                        new AccessRules(Principals.self(), Principals.root(), List.of()),
                        TrustPolicy.ANYBODY),
                line -> {});
    }

    private static void refused(ControlClient client, ObjectNode parameters, String code) {
        assertThatThrownBy(() -> client.call("tenant.set", parameters))
                .isInstanceOfSatisfying(
                        ReplyException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void daemonForApplications_letsThemAttach_andItsTenantsChange() throws Exception {
        try (Daemon _ = daemon(DeviceKind.INTERPOSED);
                ControlClient client = ControlClient.connect(folder.resolve("run/s"))) {
            assertThat(AttachSocket.isServed(folder.resolve("run/s.attach"))).isTrue();
            JsonNode device = client.call("device.list", Messages.object()).get(0);
            assertThat(device.path("kind").asString()).isEqualTo("interposed");
            assertThat(device.path("vslices").get(0).path("inflightLimit").asInt())
                    .isEqualTo(64);

            JsonNode changed = client.call(
                    "tenant.set",
                    Messages.object().put("tenant", "default").put("weight", 5).put("timesliceUs", 1000));
            assertThat(changed.path("weight").asInt()).isEqualTo(5);
            assertThat(changed.path("priority").asInt()).isZero();

            refused(client, Messages.object().put("tenant", "nobody"), "not_found");
            refused(client, Messages.object().put("tenant", "default").put("weight", 0), "bad_parameter");
        }
        assertThat(AttachSocket.isServed(folder.resolve("run/s.attach"))).isFalse();
    }

    @Test
    void tenants_ofASimulatedDevice_areThoseOfItsScenario() throws Exception {
        try (Daemon _ = daemon(DeviceKind.SIMULATED);
                ControlClient client = ControlClient.connect(folder.resolve("run/s"))) {
            refused(client, Messages.object().put("tenant", "default").put("weight", 5), "refused");
        }
    }

    @Test
    void recording_comesInPieces_oneAtATime() throws Exception {
        try (Daemon _ = daemon(DeviceKind.INTERPOSED);
                ControlClient client = ControlClient.connect(folder.resolve("run/s"));
                ControlClient other = ControlClient.connect(folder.resolve("run/s"))) {
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            AtomicReference<String> second = new AtomicReference<>("");
            JsonNode result = client.call("recording.take", Messages.object().put("ms", 600), event -> {
                file.writeBytes(Base64.getDecoder().decode(event.path("chunk").asString("")));
                if (event.path("chunk").isMissingNode() && second.get().isEmpty()) {
                    second.set(refusal(other));
                }
                return true;
            });
            assertThat(second.get()).isEqualTo("a recording is under way");
            assertThat(result.path("bytes").asInt()).isEqualTo(file.size());
            assertThat(result.path("complete").asBoolean()).isTrue();
            Recording recording = RecordingFile.read(file.toByteArray());
            assertThat(recording.applications()).isEmpty();
            assertThat(recording.tenants().getFirst().name()).isEqualTo("default");
            assertThat(recording.durationNs()).isGreaterThanOrEqualTo(600_000_000L);
            client.call("recording.take", Messages.object().put("ms", 10), _ -> true);
        }
    }

    @Test
    void recording_ofAClientThatGoes_ends() throws Exception {
        try (Daemon _ = daemon(DeviceKind.INTERPOSED);
                ControlClient client = ControlClient.connect(folder.resolve("run/s"))) {
            try (ControlClient gone = ControlClient.connect(folder.resolve("run/s"))) {
                gone.call("recording.take", Messages.object().put("ms", 600_000), _ -> false);
            }
            for (int i = 0; refusal(client).equals("a recording is under way"); i++) {
                assertThat(i).isLessThan(1_000);
                LockSupport.parkNanos(10_000_000);
            }
        }
    }

    @Test
    void recording_ofASimulatedDevice_isRefused() throws Exception {
        try (Daemon _ = daemon(DeviceKind.SIMULATED);
                ControlClient client = ControlClient.connect(folder.resolve("run/s"))) {
            assertThat(refusal(client)).isEqualTo("this daemon has no applications to record");
        }
    }

    /** Why it does not record; empty when it did. */
    private static String refusal(ControlClient client) {
        try {
            client.call("recording.take", Messages.object().put("ms", 10), _ -> true);
            return "";
        } catch (ReplyException e) {
            return e.message();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
