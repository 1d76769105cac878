package dev.gbpf.host.daemon;

import dev.gbpf.host.authority.Role;
import dev.gbpf.host.control.EventLog;
import dev.gbpf.host.control.Messages;
import dev.gbpf.host.control.Peer;
import dev.gbpf.host.control.ReplyCode;
import dev.gbpf.host.control.Request;
import dev.gbpf.host.control.RequestException;
import dev.gbpf.host.control.RequestHandler.EventSink;
import dev.gbpf.host.live.LiveHost;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.host.swap.ActivationReason;
import dev.gbpf.host.swap.ActivationRecord;
import dev.gbpf.host.swap.SwapCommand;
import dev.gbpf.host.swap.SwapMode;
import dev.gbpf.host.swap.SwapOutcome;
import dev.gbpf.host.swap.SwapStatus;
import dev.gbpf.host.swap.SwapStatus.ReadyImage;
import dev.gbpf.host.swap.TrialReport;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/** What clients can ask about which of the loaded policies decides. */
final class SwapRequests {
    private static final String POLICY = "policy";

    private final PolicyTable policies;
    private final PolicyChanges changes;
    private final LiveHost live;
    private final Supplier<Optional<DevicePublisher>> device;
    private final MapRegistry maps;
    private final EventLog log;

    SwapRequests(
            PolicyTable policies,
            PolicyChanges changes,
            LiveHost live,
            Supplier<Optional<DevicePublisher>> device,
            MapRegistry maps,
            EventLog log) {
        this.policies = policies;
        this.changes = changes;
        this.live = live;
        this.device = device;
        this.maps = maps;
        this.log = log;
    }

    Map<String, Method> methods() {
        return Map.ofEntries(
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
                                this::unload)));
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
            return changed(changes.swap(policy, mode, dropMaps, by), peer);
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
        return changed(changes.apply(command, peer.user().getName()), peer);
    }

    private ObjectNode changed(SwapOutcome outcome, Peer peer) {
        ObjectNode result = ChangeJson.outcome(outcome);
        device.get().ifPresent(publisher -> {
            publisher.awaitAcknowledged();
            result.set("device", publisher.json());
        });
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
        ObjectNode result = Messages.object();
        result.put("name", policy.name());
        result.put("tag", policy.tag());
        result.put("bypass", decided);
        return result;
    }
}
