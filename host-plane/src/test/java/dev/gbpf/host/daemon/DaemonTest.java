package dev.gbpf.host.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.authority.AccessRules;
import dev.gbpf.host.authority.AccessRules.Rule;
import dev.gbpf.host.authority.Principals;
import dev.gbpf.host.authority.Role;
import dev.gbpf.host.authority.TrustPolicy;
import dev.gbpf.host.control.ControlClient;
import dev.gbpf.host.control.ControlClient.ReplyException;
import dev.gbpf.host.control.ControlSocket.SocketException;
import dev.gbpf.host.control.Messages;
import dev.gbpf.host.control.ReplyCode;
import dev.gbpf.host.control.RequestException;
import dev.gbpf.host.scenario.Scenario;
import dev.gbpf.host.scenario.ScenarioReader;
import dev.gbpf.lang.compile.CompileResult.Compiled;
import dev.gbpf.lang.compile.PolicyCompiler;
import dev.gbpf.object.ObjectWriter;
import dev.gbpf.object.PolicyObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A daemon with real sockets, and several clients. */
@Timeout(60)
class DaemonTest {
    private static final double SPEED = 20;

    @TempDir
    Path folder;

    private final ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>();

    static Scenario scenario() {
        return new ScenarioReader(List.of()).parse(new SourceFile("live.yaml", """
                        name: live
                        duration: 1s
                        device: {preset: h200, inflight: 2}
                        tenants: [{name: a, weight: 2}, {name: b}]
                        workload:
                          - {tenant: a, arrivals: 500/s, service: {exponential: 1ms}}
                          - {tenant: b, arrivals: {closed_loop: {clients: 8}}, service: 2ms}
                        policy: bypass
                        """), Path.of(""));
    }

    static PolicyObject policy(String name, String more) {
        return ((Compiled)
                        PolicyCompiler.compile(new SourceFile(name + ".gbpf", "policy " + name + ";\n" + more + """
                        map served: hash<u32, u64>[MAX_TENANTS];
                        hook init(ctx) { dsq_create(1, DSQ_FIFO); }
                        hook on_submit(ctx) { dsq_insert(1); return ENQUEUE; }
                        hook on_dispatch(ctx) { return 1; }
                        hook on_retire(ctx) {
                            if let n = served[ctx.tenant] { n += 1; } else { served[ctx.tenant] = 1; }
                        }
                        """)))
                .object();
    }

    private Daemon start(@Nullable PolicyObject policy, List<Rule> rules) throws Exception {
        return start(policy, Principals.self(), rules);
    }

    private Daemon start(@Nullable PolicyObject policy, UserPrincipal owner, List<Rule> rules) throws Exception {
        UserPrincipal nobody = Principals.user("65534");
        return Daemon.start(
                new DaemonConfig(
                        folder.resolve("run/s"),
                        null,
                        folder.resolve("state"),
                        DeviceKind.SIMULATED,
                        DeviceRuntimeKind.NONE,
                        scenario(),
                        SPEED,
                        policy,
                        DaemonConfig.ANY_CPU,
                        false,
                        0,
                        new AccessRules(owner, nobody, rules),
                        TrustPolicy.ANYBODY),
                log::add);
    }

    private ControlClient client() throws IOException {
        return ControlClient.connect(folder.resolve("run/s"));
    }

    static ObjectNode object(PolicyObject policy) {
        return Messages.object().put("object", Base64.getEncoder().encodeToString(ObjectWriter.write(policy)));
    }

    static ObjectNode named(String policy) {
        return Messages.object().put("policy", policy);
    }

    static JsonNode call(ControlClient client, String method, ObjectNode parameters) {
        try {
            return client.call(method, parameters);
        } catch (IOException | ReplyException e) {
            throw new AssertionError(method, e);
        }
    }

    static void assertRefused(ControlClient client, String method, ObjectNode parameters, ReplyCode code) {
        assertThatThrownBy(() -> client.call(method, parameters))
                .isInstanceOfSatisfying(
                        ReplyException.class, e -> assertThat(e.code()).isEqualTo(code.word()));
    }

    @Test
    void policy_goesFromLoadToUnload() throws Exception {
        try (Daemon daemon = start(null, List.of());
                ControlClient client = client()) {
            assertThat(call(client, "hello", Messages.object()).path("role").asString())
                    .isEqualTo("load");
            JsonNode loaded = call(client, "policy.load", object(policy("one", "")));
            assertThat(loaded.path("new").asBoolean()).isTrue();
            assertThat(loaded.path("active").asBoolean()).isFalse();
            assertThat(call(client, "policy.load", object(policy("one", "")))
                            .path("new")
                            .asBoolean())
                    .isFalse();
            String tag = loaded.path("tag").asString();
            assertThat(call(client, "policy.swap", named(tag.substring(0, 8)))
                            .path("reason")
                            .asString())
                    .isEqualTo("start");
            assertThat(call(client, "policy.list", Messages.object())
                            .path(0)
                            .path("active")
                            .asBoolean())
                    .isTrue();
            call(client, "policy.load", object(policy("two", "const X = 1;\n")));
            JsonNode swap = call(client, "policy.swap", named("two"));
            assertThat(swap.path("from").asString()).isEqualTo("one");
            assertThat(swap.path("freshMaps").path(0).asString()).isEqualTo("served");
            JsonNode back = call(client, "policy.rollback", Messages.object());
            assertThat(back.path("to").asString()).isEqualTo("one");
            assertThat(call(client, "policy.show", named("1")).path("decisions").has("on_submit"))
                    .isTrue();
            assertThat(call(client, "policy.unload", named("one"))
                            .path("bypass")
                            .asBoolean())
                    .isTrue();
            assertThat(call(client, "status", Messages.object()).path("policy").asString())
                    .isEqualTo("bypass");
            assertThat(call(client, "policy.history", Messages.object()))
                    .extracting(c -> c.path("policy").asString() + " "
                            + c.path("end").path("kind").asString())
                    .containsExactly("one replaced", "two rolled back", "one unloaded");
            assertRefused(client, "policy.show", named("one"), ReplyCode.NOT_FOUND);
            assertRefused(client, "policy.swap", named("bypass"), ReplyCode.REFUSED);
            assertRefused(client, "policy.rollback", Messages.object(), ReplyCode.REFUSED);
            assertThat(daemon.failure()).isNull();
        }
        assertThat(log).last().isEqualTo("stopped");
    }

    @Test
    void daemonThatCouldNotBegin_doesNotSayThatItStopped() {
        PolicyObject refusing = ((Compiled)
                        PolicyCompiler.compile(new SourceFile("no.gbpf", "policy no;\nhook init(ctx) { return 5; }\n")))
                .object();
        assertThatThrownBy(() -> start(refusing, List.of())).isInstanceOf(RequestException.class);
        assertThat(log).doesNotContain("stopped");
    }

    @Test
    void trials_areStartedPromotedAndDropped() throws Exception {
        try (Daemon daemon = start(policy("one", ""), List.of());
                ControlClient client = client()) {
            call(client, "policy.load", object(policy("two", "")));
            ObjectNode canary = named("two").put("mode", "canary").put("share", 500);
            assertThat(call(client, "policy.swap", canary).path("event").asString())
                    .isEqualTo("trial_started");
            JsonNode trial = call(client, "status", Messages.object()).path("trial");
            assertThat(trial.path("policy").asString()).isEqualTo("two");
            assertThat(call(client, "policy.promote", Messages.object())
                            .path("to")
                            .asString())
                    .isEqualTo("two");
            ObjectNode shadow = named("one").put("mode", "shadow");
            shadow.putArray("guards").add("agreement=95%").add("instructions=100000");
            call(client, "policy.swap", shadow);
            assertThat(call(client, "policy.drop", Messages.object().put("why", "seen enough"))
                            .path("trial")
                            .path("why")
                            .asString())
                    .isEqualTo("seen enough");
            assertRefused(client, "policy.drop", Messages.object(), ReplyCode.REFUSED);
            shadow.putArray("guards").add("wait=1s");
            assertThatThrownBy(() -> client.call("policy.swap", shadow)).hasMessage("\"wait\" is no guard");
            call(client, "policy.swap", named("one").put("mode", "canary"));
            call(client, "policy.unload", named("one"));
            assertThat(call(client, "status", Messages.object()).has("trial")).isFalse();
            assertRefused(client, "policy.rollback", Messages.object(), ReplyCode.REFUSED);
            assertThat(daemon.failure()).isNull();
        }
    }

    @Test
    void swaps_byTwoClientsUnderLoad_loseNoJob() throws Exception {
        try (Daemon daemon = start(policy("one", ""), List.of());
                ControlClient observer = client()) {
            List<CompletableFuture<Void>> clients = new ArrayList<>();
            for (String name : List.of("one", "two")) {
                clients.add(CompletableFuture.runAsync(() -> {
                    try (ControlClient client = client()) {
                        call(client, "policy.load", object(policy(name, "")));
                        for (int i = 0; i < 15; i++) {
                            call(client, "policy.swap", named(name));
                        }
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                }));
            }
            long lastRetired = 0;
            while (!clients.stream().allMatch(CompletableFuture::isDone)) {
                JsonNode status = call(observer, "status", Messages.object());
                long queued = 0;
                long running = 0;
                long retired = 0;
                for (JsonNode tenant : status.path("tenants")) {
                    queued += tenant.path("queued").asLong();
                    running += tenant.path("running").asLong();
                    retired += tenant.path("retired").asLong();
                    assertThat(tenant.path("rejected").asLong()).isZero();
                }
                assertThat(queued).isEqualTo(status.path("queued").asLong());
                assertThat(running).isEqualTo(status.path("running").asLong());
                assertThat(retired).isGreaterThanOrEqualTo(lastRetired);
                lastRetired = retired;
            }
            for (CompletableFuture<Void> client : clients) {
                client.get(10, TimeUnit.SECONDS);
            }
            assertThat(call(observer, "policy.history", Messages.object())).hasSize(31);
            assertThat(daemon.failure()).isNull();
        }
    }

    @Test
    void wrongObjects_areRefused() throws Exception {
        PolicyObject unsafe = ((Compiled) PolicyCompiler.compile(new SourceFile(
                        "unsafe.gbpf", "policy unsafe;\nhook on_dispatch(ctx) { return ctx.now_ns; }\n")))
                .object();
        PolicyObject unwilling = ((Compiled)
                        PolicyCompiler.compile(new SourceFile("no.gbpf", "policy no;\nhook init(ctx) { return 7; }\n")))
                .object();
        try (Daemon daemon = start(policy("one", ""), List.of());
                ControlClient client = client()) {
            assertRefused(client, "policy.load", object(unsafe), ReplyCode.REJECTED);
            byte[] bytes = ObjectWriter.write(policy("two", ""));
            bytes[40] ^= 1;
            assertRefused(
                    client,
                    "policy.load",
                    Messages.object().put("object", Base64.getEncoder().encodeToString(bytes)),
                    ReplyCode.BAD_OBJECT);
            assertRefused(client, "policy.load", Messages.object().put("object", "?"), ReplyCode.BAD_PARAMETER);
            call(client, "policy.load", object(unwilling));
            assertThatThrownBy(() -> client.call("policy.swap", named("no")))
                    .hasMessage("no: its init returned reason code 7");
            assertThat(call(client, "status", Messages.object()).path("policy").asString())
                    .isEqualTo("one");
            assertRefused(client, "policy.lod", Messages.object(), ReplyCode.UNKNOWN_METHOD);
            assertThat(daemon.failure()).isNull();
        }
    }

    @Test
    void policies_beyondTheLimit_areRefused() throws Exception {
        try (Daemon daemon = start(null, List.of());
                ControlClient client = client()) {
            for (int i = 0; i < PolicyTable.MAX_POLICIES; i++) {
                call(client, "policy.load", object(policy("p" + i, "")));
            }
            assertRefused(client, "policy.load", object(policy("more", "")), ReplyCode.FULL);
            assertThat(daemon.failure()).isNull();
        }
    }

    @Test
    void users_mayWhatTheirRoleAllows_andARefusalIsLogged() throws Exception {
        UserPrincipal somebody = Principals.user("65533");
        try (Daemon daemon =
                        start(policy("one", ""), somebody, List.of(new Rule.OfUser(Principals.self(), Role.OBSERVE)));
                ControlClient client = client()) {
            assertThat(call(client, "hello", Messages.object()).path("role").asString())
                    .isEqualTo("observe");
            call(client, "policy.list", Messages.object());
            assertRefused(client, "policy.swap", named("bypass"), ReplyCode.DENIED);
            assertRefused(client, "policy.load", object(policy("two", "")), ReplyCode.DENIED);
            String self = "user " + Principals.self().getName();
            assertThat(log)
                    .anyMatch(l -> l.contains("denied policy.swap, which needs the role swap") && l.contains(self));
            assertThat(daemon.failure()).isNull();
        }
        try (Daemon daemon = start(null, somebody, List.of());
                ControlClient client = client()) {
            assertThat(call(client, "hello", Messages.object()).path("role").asString())
                    .isEqualTo("none");
            assertRefused(client, "status", Messages.object(), ReplyCode.DENIED);
            assertThat(daemon.failure()).isNull();
        }
    }

    @Test
    void watch_sendsAStatusAtATime_untilTheClientHasEnough() throws Exception {
        try (Daemon daemon = start(policy("one", ""), List.of());
                ControlClient watching = client();
                ControlClient other = client()) {
            List<Long> times = new ArrayList<>();
            ObjectNode parameters = Messages.object().put("intervalMs", 50);
            watching.call("status.watch", parameters, s -> {
                call(other, "device.list", Messages.object());
                times.add(s.path("deviceNs").asLong());
                return times.size() < 3;
            });
            assertThat(times).hasSize(3).isSorted();
            assertThat(call(other, "hook.list", Messages.object()))
                    .anyMatch(h -> h.path("hook").asString().equals("on_submit")
                            && h.path("policy").asString().equals("one"));
            assertThat(daemon.failure()).isNull();
        }
    }

    @Test
    void secondDaemon_isRefused_andAPolicyThatRefuses_leavesNoSocket() throws Exception {
        try (Daemon first = start(null, List.of())) {
            assertThatThrownBy(() -> start(null, List.of())).isInstanceOf(SocketException.class);
            assertThat(first.failure()).isNull();
        }
        PolicyObject unwilling = ((Compiled)
                        PolicyCompiler.compile(new SourceFile("no.gbpf", "policy no;\nhook init(ctx) { return 7; }\n")))
                .object();
        assertThatThrownBy(() -> start(unwilling, List.of())).hasMessageContaining("reason code 7");
        assertThat(folder.resolve("run/s")).doesNotExist();
        start(null, List.of()).close();
    }

    @Test
    void page_namesEveryMethodAndCode() throws Exception {
        String page = Files.readString(Path.of(System.getProperty("gbpf.root", ".."), "docs", "daemon.md"));
        try (Daemon daemon = start(null, List.of())) {
            daemon.methods()
                    .forEach((name, method) -> assertThat(page)
                            .contains("| `" + name + "` | " + method.role().word() + " | " + method.meaning() + " |"));
        }
        for (ReplyCode code : ReplyCode.values()) {
            assertThat(page).contains("| `" + code.word() + "` | " + code.meaning() + " |");
        }
    }
}
