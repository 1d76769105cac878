package dev.gbpf.host.daemon;

import dev.gbpf.host.control.Messages;
import dev.gbpf.host.control.Parameters;
import dev.gbpf.host.control.Protocol;
import dev.gbpf.host.control.RequestException;
import dev.gbpf.host.control.RequestHandler.EventSink;
import dev.gbpf.host.map.RingBufferMap;
import dev.gbpf.host.map.RingBufferReader;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tells a client what happens in a map, until it goes. Nothing is kept for a client that is slow: it misses changes, and records
 * of a ring buffer that finds no room are lost and counted.
 */
final class MapWatch {
    private static final long RING_INTERVAL_NS = 2_000_000L;
    private static final long NS_PER_MS = 1_000_000L;
    private static final long DEFAULT_MS = 1_000;
    private static final long ALIVE_NS = 1_000_000_000L;
    private static final long LIMIT = 10_000;

    private final MapView view;
    private final EventSink events;

    MapWatch(MapView view, EventSink events) {
        this.view = view;
        this.events = events;
    }

    /**
     * Watches for ever.
     *
     * @throws IOException when the client has gone
     * @throws IllegalStateException when the map is closed
     */
    JsonNode run(Parameters parameters) throws RequestException, IOException {
        long intervalMs = parameters.number(
                "intervalMs", Protocol.LEAST_WATCH_INTERVAL_MS, Protocol.MOST_WATCH_INTERVAL_MS, DEFAULT_MS);
        events.send(Messages.object()
                .put("watching", view.policy() + "." + view.map().name()));
        if (view.map() instanceof RingBufferMap ring) {
            watch(new RingBufferReader(ring));
        } else {
            watch(intervalMs * NS_PER_MS);
        }
        return Messages.object();
    }

    private void watch(RingBufferReader reader) throws IOException {
        long quietSince = System.nanoTime();
        while (true) {
            Optional<byte[]> record = reader.poll();
            long lost = reader.newlyLost();
            if (lost > 0) {
                events.send(Messages.object().put("lost", lost));
            }
            if (record.isPresent()) {
                ObjectNode event = Messages.object();
                event.set("record", ValueJson.of(view.valueLayout(), record.get()));
                events.send(event);
                quietSince = System.nanoTime();
            } else {
                quietSince = alive(quietSince);
                LockSupport.parkNanos(RING_INTERVAL_NS);
            }
        }
    }

    /** Says now and then that it watches: else it would never notice that the client has gone. */
    private long alive(long quietSince) throws IOException {
        long now = System.nanoTime();
        if (now - quietSince < ALIVE_NS) {
            return quietSince;
        }
        events.send(Messages.object());
        return now;
    }

    private void watch(long intervalNs) throws RequestException, IOException {
        Map<JsonNode, JsonNode> before = entries();
        while (true) {
            LockSupport.parkNanos(intervalNs);
            Map<JsonNode, JsonNode> now = entries();
            boolean quiet = true;
            for (Map.Entry<JsonNode, JsonNode> entry : now.entrySet()) {
                if (!entry.getValue().equals(before.get(entry.getKey()))) {
                    events.send((ObjectNode) entry.getValue());
                    quiet = false;
                }
            }
            for (JsonNode key : before.keySet()) {
                if (!now.containsKey(key)) {
                    ObjectNode event = Messages.object();
                    event.set("key", key);
                    event.put("deleted", true);
                    events.send(event);
                    quiet = false;
                }
            }
            if (quiet) {
                events.send(Messages.object());
            }
            before = now;
        }
    }

    /** The entries by their keys; those of a queue by their positions. */
    private Map<JsonNode, JsonNode> entries() throws RequestException {
        Map<JsonNode, JsonNode> entries = new HashMap<>();
        int position = 0;
        for (JsonNode entry : view.dump(LIMIT).path("entries")) {
            JsonNode key = entry.path("key");
            if (key.isMissingNode()) {
                ((ObjectNode) entry).put("position", position);
                key = entry.path("position");
            }
            entries.put(key, entry);
            position++;
        }
        return entries;
    }
}
