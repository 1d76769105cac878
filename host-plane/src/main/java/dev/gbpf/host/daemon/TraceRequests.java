package dev.gbpf.host.daemon;

import dev.gbpf.abi.VerdictSpec.NamedValue;
import dev.gbpf.host.authority.Role;
import dev.gbpf.host.control.Messages;
import dev.gbpf.host.control.Parameters;
import dev.gbpf.host.control.Peer;
import dev.gbpf.host.control.ReplyCode;
import dev.gbpf.host.control.Request;
import dev.gbpf.host.control.RequestException;
import dev.gbpf.host.control.RequestHandler.EventSink;
import dev.gbpf.host.live.LiveHost;
import dev.gbpf.host.observe.Decision;
import dev.gbpf.host.observe.DecisionRing;
import dev.gbpf.host.observe.Observation;
import dev.gbpf.host.plane.PolicyPlane;
import dev.gbpf.host.plane.PolicyTrace;
import dev.gbpf.host.queue.Tenant;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What clients can read of the plane's recorders: its newest decisions, those that are traced, and the lines of policies. */
final class TraceRequests {
    /*
     * Records are read on the plane's thread, since its memory goes when the plane does; a few at a time, so that decisions go on in
     * between. What the recorder overwrites meanwhile is left out, and counted by whoever watches.
     */
    private static final int AT_ONCE = 128;

    private static final int DEFAULT_LIMIT = 100;
    private static final long LEAST_INTERVAL_MS = 20;
    private static final long MOST_INTERVAL_MS = 60_000;
    private static final long DEFAULT_INTERVAL_MS = 200;
    private static final String FLIGHT = "flight";
    private static final String SAMPLED = "sampled";

    private final LiveHost live;

    TraceRequests(LiveHost live) {
        this.live = live;
    }

    Map<String, Method> methods() {
        return Map.of(
                "trace.decisions",
                new Method(
                        Role.OBSERVE,
                        "The newest decisions, `limit` (100) at most, oldest first, of `recorder`: flight has all, sampled those that are traced.",
                        (r, _, _) -> decisions(r.parameters())),
                "trace.lines",
                new Method(
                        Role.OBSERVE,
                        "The newest lines that policies wrote with trace_printk, `limit` (100) at most, oldest first.",
                        (r, _, _) -> newestLines(r.parameters())),
                "trace.watch",
                new Method(
                        Role.OBSERVE,
                        "What comes from now on, an event every `intervalMs` (200): `decisions` of `recorder`, or `lines`; how many were `lost`.",
                        this::watch));
    }

    // ---- decisions

    private static Function<Observation, DecisionRing> recorder(String word) throws RequestException {
        return switch (word) {
            case FLIGHT -> Observation::flightRecorder;
            case SAMPLED -> Observation::trace;
            default ->
                throw new RequestException(
                        ReplyCode.BAD_PARAMETER, "the parameter \"recorder\" is not flight, sampled or lines", "");
        };
    }

    private static String recorder(Parameters parameters) throws RequestException {
        return parameters.optionalText("recorder").orElse(FLIGHT);
    }

    private <T> T ask(Function<PolicyPlane, T> action) throws RequestException {
        return PolicyChanges.await(live.plane().ask(action));
    }

    private ObjectNode decisions(Parameters parameters) throws RequestException {
        Function<Observation, DecisionRing> recorder = recorder(recorder(parameters));
        int limit = (int) parameters.number("limit", 1, Observation.FLIGHT_RECORDS, DEFAULT_LIMIT);
        Newest newest = newest(recorder, 0, limit);
        ObjectNode result = Messages.object();
        result.put("written", newest.written);
        result.set("decisions", json(newest.decisions));
        return result;
    }

    /**
     * The newest decisions of a recorder.
     *
     * @param written how many there were in all
     * @param decisions the newest of them, oldest first
     */
    private record Newest(long written, List<Decision> decisions) {
        static Newest of(DecisionRing ring, long from) {
            long written = ring.written();
            return new Newest(written, ring.between(Math.max(from, written - AT_ONCE), written));
        }
    }

    /**
     * The newest decisions from a number on, {@code most} of them. The newest of all are read first, with how many there are: a busy plane
     * may have overwritten the oldest, and all that was there when reading began, before it is asked the next time.
     */
    private Newest newest(Function<Observation, DecisionRing> recorder, long from, int most) throws RequestException {
        Newest last = ask(plane -> {
            DecisionRing ring = recorder.apply(plane.observation());
            return Newest.of(ring, Math.max(from, ring.written() - most));
        });
        Deque<List<Decision>> parts = new ArrayDeque<>(List.of(last.decisions));
        long begin = Math.max(from, last.written - most);
        for (long next = last.written - AT_ONCE; next > begin; next -= AT_ONCE) {
            long end = next;
            long first = Math.max(begin, end - AT_ONCE);
            parts.addFirst(ask(plane -> recorder.apply(plane.observation()).between(first, end)));
        }
        return new Newest(last.written, parts.stream().flatMap(List::stream).toList());
    }

    private ArrayNode json(List<Decision> decisions) {
        List<Tenant> tenants = live.tenants();
        ArrayNode list = Messages.array();
        for (Decision decision : decisions) {
            ObjectNode node = list.addObject();
            node.put("number", decision.number());
            node.put("atNs", decision.atNs());
            node.put("hook", decision.hook().symbol());
            node.put("side", decision.image());
            if (decision.hasJob()) {
                node.put("tenant", tenants.get(decision.tenant()).name());
                node.put("job", decision.job());
            }
            node.put("verdict", decision.verdict());
            decision.hook().verdict().names().stream()
                    .filter(named -> named.value() == decision.verdict())
                    .findFirst()
                    .map(NamedValue::name)
                    .ifPresent(name -> node.put("means", name));
            if (decision.isTimed()) {
                node.put("tookNs", decision.durationNs());
            }
        }
        return list;
    }

    // ---- lines

    /**
     * Lines of policies.
     *
     * @param written how many there were in all
     * @param kept the newest of them
     */
    private record Lines(long written, List<PolicyTrace.Line> kept) {
        static Lines of(PolicyPlane plane) {
            return new Lines(plane.trace().written(), plane.trace().lines());
        }

        /** Those from a number on. */
        List<PolicyTrace.Line> since(long from) {
            long wanted = Math.min(kept.size(), written - from);
            return kept.subList(kept.size() - (int) wanted, kept.size());
        }
    }

    private ObjectNode newestLines(Parameters parameters) throws RequestException {
        int limit = (int) parameters.number("limit", 1, PolicyTrace.CAPACITY, DEFAULT_LIMIT);
        Lines lines = ask(Lines::of);
        ObjectNode result = Messages.object();
        result.put("written", lines.written());
        result.set("lines", json(lines, Math.max(0, lines.written() - limit)));
        return result;
    }

    private static ArrayNode json(Lines lines, long from) {
        ArrayNode list = Messages.array();
        for (PolicyTrace.Line line : lines.since(from)) {
            list.addObject().put("atNs", line.atNs()).put("text", line.text());
        }
        return list;
    }

    // ---- watching

    private JsonNode watch(Request request, Peer peer, EventSink events) throws RequestException, IOException {
        Parameters parameters = request.parameters();
        long intervalMs = parameters.number("intervalMs", LEAST_INTERVAL_MS, MOST_INTERVAL_MS, DEFAULT_INTERVAL_MS);
        String word = recorder(parameters);
        if (word.equals("lines")) {
            watchLines(intervalMs, events);
        } else {
            watchDecisions(recorder(word), intervalMs, events);
        }
        return Messages.object();
    }

    private void watchDecisions(Function<Observation, DecisionRing> recorder, long intervalMs, EventSink events)
            throws RequestException, IOException {
        long seen = ask(plane -> recorder.apply(plane.observation()).written());
        while (true) {
            LockSupport.parkNanos(intervalMs * 1_000_000L);
            Newest newest = newest(recorder, seen, Observation.FLIGHT_RECORDS);
            ObjectNode event = Messages.object();
            event.set("decisions", json(newest.decisions));
            event.put("lost", newest.written - seen - newest.decisions.size());
            events.send(event);
            seen = newest.written;
        }
    }

    private void watchLines(long intervalMs, EventSink events) throws RequestException, IOException {
        long seen = ask(plane -> plane.trace().written());
        while (true) {
            LockSupport.parkNanos(intervalMs * 1_000_000L);
            long before = seen;
            Lines lines = ask(Lines::of);
            ArrayNode list = json(lines, before);
            ObjectNode event = Messages.object();
            event.set("lines", list);
            event.put("lost", lines.written() - before - list.size());
            events.send(event);
            seen = lines.written();
        }
    }
}
