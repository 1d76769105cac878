package dev.gbpf.host.daemon;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.authority.Role;
import dev.gbpf.host.authority.TrustPolicy;
import dev.gbpf.host.authority.TrustPolicy.Verdict;
import dev.gbpf.host.control.EventLog;
import dev.gbpf.host.control.Messages;
import dev.gbpf.host.control.Peer;
import dev.gbpf.host.control.ReplyCode;
import dev.gbpf.host.control.Request;
import dev.gbpf.host.control.RequestException;
import dev.gbpf.host.control.RequestHandler.EventSink;
import dev.gbpf.host.image.DeviceHooks;
import dev.gbpf.host.live.LiveHost;
import dev.gbpf.host.live.LiveStatus;
import dev.gbpf.host.plane.PolicyPlane;
import dev.gbpf.object.ObjectFormatException;
import dev.gbpf.object.ObjectReader;
import dev.gbpf.object.ObjectWriter;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.SignedObject;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What clients can ask about policies. */
final class PolicyRequests {
    private static final String POLICY = "policy";

    private final PolicyTable policies;
    private final PolicyRecorder recorder;
    private final LiveHost live;
    private final Supplier<Optional<DevicePublisher>> device;
    private final TrustPolicy trust;
    private final EventLog log;

    PolicyRequests(
            PolicyTable policies,
            PolicyRecorder recorder,
            LiveHost live,
            Supplier<Optional<DevicePublisher>> device,
            TrustPolicy trust,
            EventLog log) {
        this.policies = policies;
        this.recorder = recorder;
        this.live = live;
        this.device = device;
        this.trust = trust;
        this.log = log;
    }

    Map<String, Method> methods() {
        return Map.ofEntries(
                Map.entry(
                        "policy.load", new Method(Role.LOAD, "Verifies `object` (base 64) and keeps it.", this::load)),
                Map.entry("policy.list", new Method(Role.OBSERVE, "The loaded policies.", (_, _, _) -> list())),
                Map.entry(
                        "policy.show",
                        new Method(Role.OBSERVE, "One policy, with what its hooks cost.", (r, _, _) -> show(r))),
                Map.entry(
                        "policy.object",
                        new Method(Role.OBSERVE, "The object of a policy, base 64.", (r, _, _) -> object(r))));
    }

    private ObjectNode load(Request request, Peer peer, EventSink events) throws RequestException {
        byte[] bytes = request.parameters().bytes("object");
        SignedObject signed = parts(bytes);
        PolicyObject object = read(signed.object());
        String key = signer(signed, object, peer);
        PolicyTable.Loaded loaded =
                policies.load(object, peer.user().getName(), key, hash -> recorder.store(hash, object.name(), bytes));
        log.write(peer + ": " + (loaded.isNew() ? "loaded " : "loaded again ") + loaded.policy());
        ObjectNode result = details(loaded.policy());
        result.put("new", loaded.isNew());
        return result;
    }

    private static SignedObject parts(byte[] bytes) throws RequestException {
        try {
            return SignedObject.read(bytes);
        } catch (ObjectFormatException e) {
            throw bad(e);
        }
    }

    private static PolicyObject read(byte[] bytes) throws RequestException {
        try {
            return ObjectReader.read(bytes);
        } catch (ObjectFormatException e) {
            throw bad(e);
        }
    }

    private static RequestException bad(ObjectFormatException e) {
        return new RequestException(
                ReplyCode.BAD_OBJECT, String.valueOf(e.getMessage()), e.remedy(), List.of(e.toDiagnostic(null)));
    }

    /** The id of the key whose signature counts, empty where none is needed. */
    private String signer(SignedObject signed, PolicyObject object, Peer peer) throws RequestException {
        return switch (trust.judge(signed)) {
            case Verdict.Taken(String key) -> key;
            case Verdict.Unsigned _ ->
                throw refused(
                        ReplyCode.UNSIGNED,
                        object,
                        "it has no signature",
                        "sign its object: gbpf sign --key FILE",
                        peer);
            case Verdict.Untrusted(String why) ->
                throw refused(
                        ReplyCode.BAD_SIGNATURE,
                        object,
                        why,
                        "the daemon's configuration names the keys that it trusts",
                        peer);
        };
    }

    private RequestException refused(ReplyCode code, PolicyObject object, String why, String help, Peer peer) {
        log.write(peer + ": refused policy " + object.name() + ": " + why);
        return new RequestException(code, "policy " + object.name() + " is refused: " + why, help);
    }

    private ArrayNode list() {
        ArrayNode list = Messages.array();
        policies.all().forEach(p -> list.add(summary(p)));
        return list;
    }

    private ObjectNode show(Request request) throws RequestException {
        LoadedPolicy policy = policies.find(request.parameters().text(POLICY));
        ObjectNode result = details(policy);
        if (isActive(policy)) {
            LiveStatus status = PolicyChanges.await(live.status());
            ObjectNode tiers = result.putObject("tiers");
            PolicyChanges.await(live.plane().ask(PolicyPlane::tiers))
                    .forEach((hook, tier) -> tiers.put(hook.symbol(), tier.word()));
            device.get().ifPresent(publisher -> addDevice(policy, publisher.json(), tiers, result));
            if (!status.applications().isEmpty()) {
                result.set("levers", TenantRequests.levers(status.applications()));
            }
            ObjectNode decisions = result.putObject("decisions");
            status.decisions().forEach((hook, count) -> {
                if (policy.implementsHook(hook)) {
                    decisions.put(hook.symbol(), count);
                }
            });
        }
        return result;
    }

    /** Where its device programs run, unless the device does not have them or has taken them out. */
    private static void addDevice(LoadedPolicy policy, ObjectNode device, ObjectNode tiers, ObjectNode to) {
        to.set("device", device);
        if (!device.has("fault") && !device.has("refused")) {
            DeviceHooks.of(policy.object())
                    .forEach(program -> tiers.set(program.hook().symbol(), device.path("tier")));
        }
    }

    private ObjectNode object(Request request) throws RequestException {
        LoadedPolicy policy = policies.find(request.parameters().text(POLICY));
        ObjectNode result = summary(policy);
        result.put("object", Base64.getEncoder().encodeToString(ObjectWriter.write(policy.object())));
        return result;
    }

    private boolean isActive(LoadedPolicy policy) {
        return live.swaps().status().tag().equals(policy.tag());
    }

    private ObjectNode summary(LoadedPolicy policy) {
        ObjectNode node = Messages.object();
        node.put("id", policy.id());
        node.put("name", policy.name());
        node.put("tag", policy.tag());
        node.put("active", isActive(policy));
        ArrayNode hooks = node.putArray("hooks");
        policy.object().programs().forEach(p -> hooks.add(p.hook().symbol()));
        node.put("worstCaseInstructions", policy.worstCase());
        node.put("loadedAt", policy.loadedAt().toString());
        node.put("loadedBy", policy.loadedBy());
        if (!policy.signedBy().isEmpty()) {
            node.put("signedBy", policy.signedBy());
        }
        return node;
    }

    private ObjectNode details(LoadedPolicy policy) {
        ObjectNode node = summary(policy);
        node.put("abi", policy.object().abi().toString());
        ArrayNode programs = node.putArray("programs");
        for (int i = 0; i < policy.certificates().size(); i++) {
            Hook hook = policy.object().programs().get(i).hook();
            ObjectNode program = programs.addObject();
            program.put("hook", hook.symbol());
            program.put("plane", hook.plane().word());
            program.put(
                    "instructions", policy.object().programs().get(i).program().size());
            program.put("worstCaseInstructions", policy.certificates().get(i).worstCaseInstructions());
            program.put("budget", hook.budget());
            program.put("worstCaseHelperCalls", policy.certificates().get(i).worstCaseHelperCalls());
        }
        ArrayNode names = node.putArray("maps");
        policy.object().maps().forEach(map -> names.add(map.name()));
        return node;
    }
}
