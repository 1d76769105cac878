package dev.gbpf.host.daemon;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.authority.Role;
import dev.gbpf.host.control.Messages;
import dev.gbpf.host.control.Peer;
import dev.gbpf.host.control.Protocol;
import dev.gbpf.host.control.Request;
import dev.gbpf.host.control.RequestException;
import dev.gbpf.host.control.RequestHandler.EventSink;
import dev.gbpf.host.live.LiveHost;
import dev.gbpf.host.live.LiveStatus;
import dev.gbpf.host.live.LiveStatus.DeviceStatus;
import dev.gbpf.host.live.LiveStatus.VsliceStatus;
import dev.gbpf.host.swap.SwapStatus;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What clients can ask about the plane: how it stands, its hooks and device. */
final class PlaneRequests {
    private static final long DEFAULT_INTERVAL_MS = 1000;
    private static final long MOST_EVENTS = 1_000_000_000;

    private final LiveHost live;
    private final PolicyTable policies;
    private final Supplier<Optional<DevicePublisher>> device;

    PlaneRequests(LiveHost live, PolicyTable policies, Supplier<Optional<DevicePublisher>> device) {
        this.live = live;
        this.policies = policies;
        this.device = device;
    }

    Map<String, Method> methods() {
        return Map.of(
                "status",
                new Method(Role.OBSERVE, "How the plane stands.", (_, _, _) -> statusJson(status())),
                "status.watch",
                new Method(
                        Role.OBSERVE,
                        "How the plane stands, as an event every `intervalMs` (1000), `count` times (for ever).",
                        this::watch),
                "hook.list",
                new Method(Role.OBSERVE, "The hooks, and how often each was asked.", (_, _, _) -> hooks()),
                "device.list",
                new Method(Role.OBSERVE, "The device and its vSlices.", (_, _, _) -> devices()));
    }

    private LiveStatus status() throws RequestException {
        return PolicyChanges.await(live.status());
    }

    private JsonNode watch(Request request, Peer peer, EventSink events) throws RequestException, IOException {
        long interval = request.parameters()
                .number(
                        "intervalMs",
                        Protocol.LEAST_WATCH_INTERVAL_MS,
                        Protocol.MOST_WATCH_INTERVAL_MS,
                        DEFAULT_INTERVAL_MS);
        long count = request.parameters().number("count", 1, MOST_EVENTS, MOST_EVENTS);
        for (long i = 0; i < count; i++) {
            if (i > 0) {
                LockSupport.parkNanos(interval * 1_000_000L);
            }
            events.send(statusJson(status()));
        }
        return Messages.object();
    }

    private ObjectNode statusJson(LiveStatus status) {
        ObjectNode node = Messages.object();
        node.put("deviceNs", status.atNs());
        node.put("skippedNs", status.skippedNs());
        node.put("policy", status.policy());
        SwapStatus swaps = live.swaps().status();
        if (!swaps.tag().isEmpty()) {
            node.put("tag", swaps.tag());
        }
        if (swaps.trial() != null) {
            node.set("trial", ChangeJson.trial(swaps.trial()));
        }
        device.get().ifPresent(publisher -> node.set("device", publisher.json()));
        node.put("queued", status.queued());
        node.put("running", status.running());
        ObjectNode decisions = node.putObject("decisions");
        status.decisions().forEach((hook, count) -> decisions.put(hook.symbol(), count));
        ObjectNode events = node.putObject("events");
        status.events().forEach(events::put);
        node.set("tenants", TenantRequests.tenants(status));
        node.set("codeCache", CodeCacheFigures.json());
        return node;
    }

    private ArrayNode hooks() throws RequestException {
        LiveStatus status = status();
        Optional<LoadedPolicy> active = policies.byTag(live.swaps().status().tag());
        ArrayNode list = Messages.array();
        for (Hook hook : Hook.values()) {
            ObjectNode node = list.addObject();
            node.put("hook", hook.symbol());
            node.put("decisions", status.decisions().getOrDefault(hook, 0L));
            active.filter(p -> p.implementsHook(hook)).ifPresent(p -> node.put("policy", p.name()));
        }
        return list;
    }

    private ArrayNode devices() throws RequestException {
        DeviceStatus device = status().device();
        ArrayNode list = Messages.array();
        ObjectNode node = list.addObject();
        node.put("name", device.name());
        node.put("kind", live.kind());
        node.put("sms", device.sms());
        node.put("memoryBytes", device.memoryBytes());
        node.put("usedBytes", device.usedBytes());
        ArrayNode vslices = node.putArray("vslices");
        for (VsliceStatus vslice : device.vslices()) {
            ObjectNode entry = vslices.addObject();
            entry.put("name", vslice.name());
            entry.put("sms", vslice.sms());
            entry.put("inflight", vslice.inflight());
            entry.put("inflightLimit", vslice.inflightLimit());
        }
        return list;
    }
}
