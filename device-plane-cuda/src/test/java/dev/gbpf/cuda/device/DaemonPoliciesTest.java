package dev.gbpf.cuda.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.abi.Hook;
import dev.gbpf.cuda.build.NativeBuild;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.authority.AccessRules;
import dev.gbpf.host.authority.Principals;
import dev.gbpf.host.authority.TrustPolicy;
import dev.gbpf.host.control.ControlClient;
import dev.gbpf.host.control.Messages;
import dev.gbpf.host.daemon.Daemon;
import dev.gbpf.host.daemon.DaemonConfig;
import dev.gbpf.host.daemon.DeviceKind;
import dev.gbpf.host.daemon.DeviceRuntimeKind;
import dev.gbpf.host.daemon.IdleScenario;
import dev.gbpf.host.device.PolicyRuntime.PolicyRuntimeException;
import dev.gbpf.host.image.DeviceHooks;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.image.PolicyImage.MapChanges;
import dev.gbpf.host.image.PolicyImage.MapUse;
import dev.gbpf.host.law.TestedPolicy;
import dev.gbpf.object.ObjectWriter;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.verifier.Certificate;
import dev.gbpf.verifier.VerificationResult.Accepted;
import dev.gbpf.verifier.Verifier;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A daemon whose policies decide under a control kernel on the CPU too. */
@Timeout(60)
class DaemonPoliciesTest {
    private static final String SOURCE = """
            policy both;
            map seen: counters<u64>[4];
            map known: snapshot<u64>[1];
            hook init(ctx) { known[0] = 7; }
            hook on_submit(ctx) { return ENQUEUE; }
            hook sm_tick(ctx) {
                if known[0] == 7 { seen[1] += 1; }
                ctx.share = 1 + ctx.tenant;
                return REFILL;
            }
            """;

    @BeforeAll
    static void needsTheCpuBuild() {
        NativeBuild build = NativeBuild.current();
        Assumptions.assumeTrue(
                build.cpu().built(), () -> "skipped: " + build.cpu().detail());
    }

    private static PolicyObject object(String source) {
        return TestedPolicy.of(new SourceFile("test.gbpf", source)).object();
    }

    private static ObjectNode named(String policy) {
        return Messages.object().put("policy", policy);
    }

    private static ObjectNode bytes(PolicyObject policy) {
        return Messages.object().put("object", Base64.getEncoder().encodeToString(ObjectWriter.write(policy)));
    }

    @Test
    void policies_ofADaemon_decideOnTheDevice_andShowIt(@TempDir Path folder) throws Exception {
        ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>();
        DaemonConfig config = new DaemonConfig(
                folder.resolve("run/s"),
                null,
                folder.resolve("state"),
                DeviceKind.SIMULATED,
                DeviceRuntimeKind.CPU,
                IdleScenario.create(),
                1,
                null,
                DaemonConfig.ANY_CPU,
                false,
                0,
                new AccessRules(Principals.self(), Principals.root(), List.of()),
                TrustPolicy.ANYBODY);
        try (Daemon daemon = Daemon.start(config, log::add);
                ControlClient client = ControlClient.connect(folder.resolve("run/s"))) {
            client.call("policy.load", bytes(object(SOURCE)));
            JsonNode device = client.call("policy.swap", named("both")).path("device");
            assertThat(device.path("runtime").asString()).isEqualTo("cpu");
            assertThat(device.path("epoch").asLong()).isPositive();
            assertThat(device.path("acknowledged").asBoolean()).isTrue();
            assertThat(device.path("adopted").asLong())
                    .isEqualTo(device.path("epoch").asLong());
            assertThat(client.call("status", Messages.object())
                            .path("device")
                            .path("acknowledged")
                            .asBoolean())
                    .isTrue();
            JsonNode shown = client.call("policy.show", named("both"));
            assertThat(shown.path("tiers").path("sm_tick").asString()).isEqualTo("interpreted");
            assertThat(shown.path("device").has("fault")).isFalse();
            // What the host wrote into a snapshot reaches the device, and what that counts comes back.
            ObjectNode counter = Messages.object().put("map", "both.seen").put("key", 1);
            while (client.call("map.lookup", counter).path("value").asLong() == 0) {
                LockSupport.parkNanos(5_000_000);
            }
            JsonNode none = client.call("policy.swap", named("bypass")).path("device");
            assertThat(none.path("epoch").asLong())
                    .isGreaterThan(device.path("epoch").asLong());
            assertThat(none.path("acknowledged").asBoolean()).isTrue();
            assertThat(client.call("policy.show", named("both")).has("device")).isFalse();
            assertThat(daemon.failure()).isNull();
        }
        assertThat(log).contains("runs device programs on cpu");
    }

    @Test
    void fault_ofAPolicy_isTold_andTheNextOneDecides() {
        PolicyObject loops = object("""
                policy loops;
                hook sm_tick(ctx) {
                    var sum = 0;
                    for i in 0..20 { sum += ctx.now_ns ^ i; }
                    ctx.share = 1 + (sum & 3);
                    return REFILL;
                }
                """);
        Certificate honest =
                ((Accepted) new Verifier().verify(loops)).certificates().getFirst();
        Certificate tooSmall = new Certificate(honest.type(), 3, 0, List.of(), List.of());
        try (RuntimeOfPolicies runtime = RuntimeOfPolicies.open("cpu", 2)) {
            runtime.publish(image(loops, tooSmall));
            while (runtime.status().fault().filter(f -> f.contains("overrun")).isEmpty()) {
                LockSupport.parkNanos(1_000_000);
            }
            assertThat(runtime.status().fault().orElseThrow())
                    .contains("policy loops of epoch=1", "overrun in " + Hook.SM_TICK.symbol());
            runtime.publish(image(loops, honest));
            assertThat(runtime.awaitAcknowledged(Duration.ofSeconds(20))).isTrue();
            long ticks = runtime.status().ticks();
            while (runtime.status().ticks() < ticks + 3) {
                LockSupport.parkNanos(1_000_000);
            }
            assertThat(runtime.status().fault()).isEmpty();
            assertThat(runtime.status().epoch()).isEqualTo(2);
        }
    }

    private static PolicyImage image(PolicyObject object, Certificate certificate) {
        return new PolicyImage(
                object.name(),
                "tag",
                List.of(),
                DeviceHooks.of(object),
                List.of(certificate),
                List.of(),
                MapUse.SHARED,
                MapChanges.NONE,
                () -> {},
                () -> {},
                () -> {});
    }

    @Test
    void runtime_thatCannotBe_isExplained() {
        assertThatThrownBy(() -> RuntimeOfPolicies.open("cpu", 1_000))
                .isInstanceOf(PolicyRuntimeException.class)
                .hasMessageContaining("tenants=1000");
    }
}
