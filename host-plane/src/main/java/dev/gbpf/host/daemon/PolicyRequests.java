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
import dev.gbpf.host.live.LiveScenario;
import dev.gbpf.host.live.LiveStatus;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.host.swap.ActivationReason;
import dev.gbpf.host.swap.ActivationRecord;
import dev.gbpf.host.swap.SwapCommand;
import dev.gbpf.host.swap.SwapMode;
import dev.gbpf.host.swap.SwapOutcome;
import dev.gbpf.host.swap.SwapStatus;
import dev.gbpf.host.swap.SwapStatus.ReadyImage;
import dev.gbpf.host.swap.TrialReport;
import dev.gbpf.object.ObjectFormatException;
import dev.gbpf.object.ObjectReader;
import dev.gbpf.object.ObjectWriter;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.SignedObject;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What clients can ask about policies. */
final class PolicyRequests {
    private static final String POLICY = "policy";

    private final PolicyTable policies;
    private final PolicyChanges changes;
    private final LiveScenario live;
    private final MapRegistry maps;
    private final TrustPolicy trust;
    private final EventLog log;

    PolicyRequests(
            PolicyTable policies,
            PolicyChanges changes,
            LiveScenario live,
            MapRegistry maps,
            TrustPolicy trust,
            EventLog log) {
        this.policies = policies;
        this.changes = changes;
        this.live = live;
        this.maps = maps;
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
                        new Method(Role.OBSERVE, "The object of a policy, base 64.", (r, _, _) -> object(r))),
                Map.entry(
                        "policy.swap",
                        new Method(
                                Role.SWAP,
                                "Makes `policy` the one that decides, or by `mode` tries it first; `bypass` stands for none.",
                                this::swap)),
                Map.entry(
                        "policy.rollback",
                        new Method(Role.SWAP, "Goes back to the policy before the one that decides.", this::rollback)),
                Map.entry(
                        "policy.promote",
                        new Method(
                                Role.SWAP,
                                "Ends the trial: its policy decides about all jobs.",
                                (_, peer, _) -> apply(new SwapCommand.Promote(), peer))),
                Map.entry(
                        "policy.drop",
                        new Method(
                                Role.SWAP,
                                "Ends the trial: its policy goes.",
                                (r, peer, _) -> apply(new SwapCommand.Drop(why(r)), peer))),
                Map.entry(
                        "policy.unload",
                        new Method(
                                Role.SWAP,
                                "Forgets a policy; when it decides, the plane goes to bypass first.",
                                this::unload)),
                Map.entry(
                        "policy.history",
                        new Method(Role.OBSERVE, "The newest changes, oldest first.", (_, _, _) -> history())));
    }

    private ObjectNode load(Request request, Peer peer, EventSink events) throws RequestException {
        SignedObject signed = parts(request.parameters().bytes("object"));
        PolicyObject object = read(signed.object());
        String key = signer(signed, object, peer);
        PolicyTable.Loaded loaded = policies.load(object, peer.user().getName(), key);
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
            ObjectNode decisions = result.putObject("decisions");
            status.decisions().forEach((hook, count) -> {
                if (policy.implementsHook(hook)) {
                    decisions.put(hook.symbol(), count);
                }
            });
        }
        return result;
    }

    private ObjectNode object(Request request) throws RequestException {
        LoadedPolicy policy = policies.find(request.parameters().text(POLICY));
        ObjectNode result = summary(policy);
        result.put("object", Base64.getEncoder().encodeToString(ObjectWriter.write(policy.object())));
        return result;
    }

    private ObjectNode swap(Request request, Peer peer, EventSink events) throws RequestException {
        String reference = request.parameters().text(POLICY);
        String by = peer.user().getName();
        SwapMode mode = SwapParameters.mode(request.parameters());
        boolean dropMaps = request.parameters().flag("drop");
        synchronized (changes) {
            if (reference.equals(ActivationRecord.BYPASS)) {
                return bypass(peer);
            }
            LoadedPolicy policy = policies.find(reference);
            return changed(changes.swap(live.plane(), policy, mode, dropMaps, by), peer);
        }
    }

    private ObjectNode bypass(Peer peer) throws RequestException {
        if (live.swaps().status().tag().isEmpty()) {
            throw new RequestException(ReplyCode.REFUSED, "no policy decides: the plane is in bypass", "");
        }
        return apply(new SwapCommand.Bypass(ActivationReason.SWAP.word()), peer);
    }

    private ObjectNode rollback(Request request, Peer peer, EventSink events) throws RequestException {
        synchronized (changes) {
            List<ReadyImage> ready = live.swaps().status().ready();
            if (!ready.isEmpty() && policies.byTag(ready.getFirst().tag()).isEmpty()) {
                throw new RequestException(
                        ReplyCode.REFUSED,
                        "the policy before, " + ready.getFirst().policy() + ", was unloaded",
                        "swap to another: gbpf policy swap POLICY");
            }
            return apply(new SwapCommand.Rollback(why(request)), peer);
        }
    }

    private static String why(Request request) throws RequestException {
        return request.parameters().optionalText("why").orElse("");
    }

    private ObjectNode apply(SwapCommand command, Peer peer) throws RequestException {
        return changed(changes.apply(live.plane(), command, peer.user().getName()), peer);
    }

    private ObjectNode changed(SwapOutcome outcome, Peer peer) {
        ObjectNode result = ChangeJson.outcome(outcome);
        log.write(peer + ": " + ChangeJson.summary(outcome));
        return result;
    }

    private ObjectNode unload(Request request, Peer peer, EventSink events) throws RequestException {
        LoadedPolicy policy = policies.find(request.parameters().text(POLICY));
        boolean decided;
        // Nobody may activate it meanwhile.
        synchronized (changes) {
            SwapStatus status = live.swaps().status();
            TrialReport trial = status.trial();
            if (trial != null && trial.tag().equals(policy.tag())) {
                apply(new SwapCommand.Drop("the policy was unloaded"), peer);
            }
            decided = status.tag().equals(policy.tag());
            if (decided) {
                apply(new SwapCommand.Bypass("unload"), peer);
            }
            policies.remove(policy);
            if (policies.all().stream().noneMatch(p -> p.name().equals(policy.name()))) {
                maps.drop(policy.name());
            }
        }
        log.write(peer + ": unloaded " + policy + (decided ? ", the plane is in bypass" : ""));
        ObjectNode result = summary(policy);
        result.put("bypass", decided);
        return result;
    }

    private boolean isActive(LoadedPolicy policy) {
        return live.swaps().status().tag().equals(policy.tag());
    }

    private ArrayNode history() {
        ArrayNode list = Messages.array();
        changes.history().forEach(change -> list.add(ChangeJson.of(change)));
        return list;
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
