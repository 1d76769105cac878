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
import java.nio.file.Path;
import java.util.List;
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
                        IdleScenario.create(),
                        1,
                        null,
                        DaemonConfig.ANY_CPU,
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
}
