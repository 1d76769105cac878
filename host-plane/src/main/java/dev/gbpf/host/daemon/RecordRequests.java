package dev.gbpf.host.daemon;

import dev.gbpf.host.authority.Role;
import dev.gbpf.host.control.EventLog;
import dev.gbpf.host.control.Messages;
import dev.gbpf.host.control.Peer;
import dev.gbpf.host.control.ReplyCode;
import dev.gbpf.host.control.Request;
import dev.gbpf.host.control.RequestException;
import dev.gbpf.host.control.RequestHandler.EventSink;
import dev.gbpf.host.live.LivePlane;
import dev.gbpf.host.record.Activation;
import dev.gbpf.host.record.Quarantined;
import dev.gbpf.host.record.RecordStore;
import dev.gbpf.host.record.RecordStoreException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What clients can ask about the past: what decided when, and what was found; and about quarantine, which outlives the daemon. */
final class RecordRequests {
    private static final int DEFAULT_HISTORY = 256;
    private static final int SHORTEST_TAG = 4;

    private final LivePlane plane;
    private final PolicyRecorder recorder;
    private final RecordStore records;
    private final EventLog log;

    RecordRequests(LivePlane plane, PolicyRecorder recorder, EventLog log) {
        this.plane = plane;
        this.recorder = recorder;
        this.records = recorder.records();
        this.log = log;
    }

    Map<String, Method> methods() {
        return Map.of(
                "policy.history",
                new Method(
                        Role.OBSERVE,
                        "The newest activations, `limit` (256) at most, oldest first, those of earlier daemons too.",
                        (r, _, _) -> history(r)),
                "policy.record",
                new Method(
                        Role.OBSERVE,
                        "The activation `number`, with what was found at its end: an exit dump, a trial's report.",
                        (r, _, _) -> record(r)),
                "policy.stored",
                new Method(Role.OBSERVE, "The policies that are recorded, newest first.", (_, _, _) -> stored()),
                "policy.quarantine",
                new Method(
                        Role.OBSERVE,
                        "The policies that must not decide before they are released, newest first.",
                        (_, _, _) -> quarantine()),
                "policy.release",
                new Method(Role.SWAP, "Lets `policy`, a name or tag, decide again.", this::release));
    }

    private ArrayNode history(Request request) throws RequestException {
        int limit = (int) request.parameters().number("limit", 1, PolicyRecorder.KEPT, DEFAULT_HISTORY);
        ArrayNode list = Messages.array();
        try {
            for (Activation activation : records.activations(limit).reversed()) {
                // The report of a trial is short, and what one wants to know; an exit dump is neither.
                boolean trial = activation.start().reason().equals(PolicyRecorder.TRIAL);
                list.add(RecordJson.of(activation, trial ? records.report(activation.id()) : Optional.empty()));
            }
        } catch (RecordStoreException e) {
            throw unreadable(e);
        }
        return list;
    }

    private ObjectNode record(Request request) throws RequestException {
        long number = request.parameters().number("number", 1, Long.MAX_VALUE, 0);
        try {
            Activation activation = records.activation(number)
                    .orElseThrow(() -> new RequestException(
                            ReplyCode.NOT_FOUND,
                            "no activation " + number + " is recorded",
                            "see gbpf policy history"));
            return RecordJson.of(activation, records.report(number));
        } catch (RecordStoreException e) {
            throw unreadable(e);
        }
    }

    private ArrayNode stored() throws RequestException {
        ArrayNode list = Messages.array();
        try {
            records.policies().forEach(policy -> list.add(RecordJson.of(policy)));
        } catch (RecordStoreException e) {
            throw unreadable(e);
        }
        return list;
    }

    private List<Quarantined> quarantined() throws RequestException {
        recorder.flush();
        try {
            return records.quarantined();
        } catch (RecordStoreException e) {
            throw unreadable(e);
        }
    }

    private ArrayNode quarantine() throws RequestException {
        ArrayNode list = Messages.array();
        quarantined().forEach(policy -> list.add(RecordJson.of(policy)));
        return list;
    }

    private ObjectNode release(Request request, Peer peer, EventSink events) throws RequestException {
        Quarantined policy = find(request.parameters().text("policy"));
        try {
            records.release(policy.tag());
        } catch (RecordStoreException e) {
            throw new RequestException(
                    ReplyCode.NOT_RECORDED, policy.policy() + " was not released: " + e.getMessage(), "");
        }
        PolicyChanges.await(plane.ask(decides -> decides.failsafe().quarantine().release(policy.tag())));
        log.write(peer + ": released " + policy.policy() + " (tag " + policy.tag() + ") from quarantine");
        return RecordJson.of(policy);
    }

    private Quarantined find(String reference) throws RequestException {
        List<Quarantined> all = quarantined();
        List<Quarantined> found = all.stream()
                .filter(p -> p.policy().equals(reference)
                        || (reference.length() >= SHORTEST_TAG && p.tag().startsWith(reference)))
                .toList();
        if (found.isEmpty()) {
            throw new RequestException(
                    ReplyCode.NOT_FOUND,
                    "no policy " + reference + " is in quarantine",
                    all.isEmpty() ? "" : tags(all));
        }
        if (found.size() > 1) {
            throw new RequestException(ReplyCode.AMBIGUOUS, reference + " means several policies", tags(found));
        }
        return found.getFirst();
    }

    private static String tags(List<Quarantined> policies) {
        return "in quarantine are "
                + policies.stream().map(p -> p.policy() + " (" + p.tag() + ")").collect(Collectors.joining(", "));
    }

    private static RequestException unreadable(RecordStoreException e) {
        return new RequestException(ReplyCode.NOT_RECORDED, String.valueOf(e.getMessage()), "");
    }
}
