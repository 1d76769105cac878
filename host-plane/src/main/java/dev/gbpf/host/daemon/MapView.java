package dev.gbpf.host.daemon;

import dev.gbpf.abi.MapKind;
import dev.gbpf.host.control.Messages;
import dev.gbpf.host.control.ReplyCode;
import dev.gbpf.host.control.RequestException;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.RingBufferMap;
import dev.gbpf.host.map.SnapshotMap;
import dev.gbpf.object.DataLayout;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.object.MapTypes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A map of a policy as clients see it: keys and values by their types.
 *
 * @param policy whose map it is
 * @param map the map
 */
public record MapView(String policy, BpfMap map) {
    /** Bytes of keys and values that one answer holds, at most. */
    private static final long MAX_BYTES = 1 << 20;

    /** Bytes of a queue that is copied to show it, at most. */
    private static final long MAX_QUEUE_BYTES = 64L << 20;

    private static final DataLayout INDEX = new DataLayout.Scalar(Integer.BYTES, false);

    /** Ends a visit of entries. */
    private static final class Enough extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Enough() {
            super(null, null, false, false);
        }
    }

    MapDefinition definition() {
        return map.definition();
    }

    DataLayout keyLayout() {
        MapTypes types = definition().types();
        if (types != null) {
            return types.key();
        }
        return definition().kind() == MapKind.HASH || definition().kind() == MapKind.LRU_HASH
                ? new DataLayout.Bytes(definition().keySize())
                : INDEX;
    }

    DataLayout valueLayout() {
        MapTypes types = definition().types();
        return types != null
                ? types.value()
                : new DataLayout.Bytes(Math.max(1, definition().valueSize()));
    }

    boolean isKeyed() {
        return definition().kind().isKeyed() || definition().kind().isIndexed();
    }

    /** What is known of it without looking at its entries. */
    public ObjectNode describe() {
        ObjectNode node = Messages.object();
        node.put("policy", policy);
        node.put("name", map.name());
        node.put("kind", definition().kind().keyword());
        if (isKeyed()) {
            node.put("key", keyLayout().toString());
        }
        node.put("value", valueLayout().toString());
        if (valueLayout() instanceof DataLayout.Struct struct) {
            node.put("struct", struct.declaration());
        }
        node.put("keySize", definition().keySize());
        node.put("valueSize", definition().valueSize());
        node.put("maxEntries", definition().maxEntries());
        node.put("entries", map.entries());
        node.put("failedUpdates", map.failedUpdates());
        if (definition().readOnly()) {
            node.put("readOnly", true);
        }
        if (map.cpus() > 1) {
            node.put("cpus", map.cpus());
        }
        if (map instanceof SnapshotMap snapshot) {
            node.put("published", snapshot.version());
        }
        if (map instanceof RingBufferMap ring) {
            node.put("overwrite", definition().overwrite());
            node.put("lost", ring.lost());
        }
        return node;
    }

    /**
     * The entries: all, or as many as an answer has room for.
     *
     * @param limit how many at most
     * @throws RequestException when there are none to see without taking them out
     */
    public ObjectNode dump(long limit) throws RequestException {
        MapKind kind = definition().kind();
        if (kind == MapKind.RINGBUF) {
            throw new RequestException(
                    ReplyCode.REFUSED,
                    "the records of a ring buffer can only be read by taking them out",
                    "gbpf map watch " + map.name());
        }
        if (!isKeyed() && (long) definition().stride() * definition().maxEntries() > MAX_QUEUE_BYTES) {
            throw new RequestException(ReplyCode.FULL, "the queue is too large to be shown", "");
        }
        ObjectNode result = Messages.object();
        ArrayNode entries = result.putArray("entries");
        long[] room = {MAX_BYTES};
        try {
            map.forEach((key, value) -> {
                room[0] -= key.length + (long) value.length * map.cpus();
                if (entries.size() >= limit || room[0] < 0) {
                    throw new Enough();
                }
                entries.add(entry(key, value));
            });
            result.put("more", false);
        } catch (Enough e) {
            result.put("more", true);
        }
        return result;
    }

    /** An entry with its value, or with the values of each thread. */
    ObjectNode entry(byte[] key, byte[] value) {
        ObjectNode node = Messages.object();
        if (isKeyed()) {
            node.set("key", ValueJson.of(keyLayout(), key));
        }
        if (map.cpus() == 1) {
            node.set("value", ValueJson.of(valueLayout(), value));
            return node;
        }
        ArrayNode values = node.putArray("values");
        for (int cpu = 0; cpu < map.cpus(); cpu++) {
            Optional<byte[]> own = map.onCpu(cpu).get(key);
            if (own.isPresent()) {
                values.add(ValueJson.of(valueLayout(), own.get()));
            }
        }
        return node;
    }

    /**
     * The bytes of a key.
     *
     * @throws RequestException when it is none of this map
     */
    byte[] key(@Nullable JsonNode key) throws RequestException {
        if (!isKeyed() || key == null) {
            throw new RequestException(
                    ReplyCode.BAD_PARAMETER, "the map " + map.name() + " has no keys", "gbpf map dump " + map.name());
        }
        return ValueJson.parse(keyLayout(), key, "key");
    }

    /**
     * The bytes of a value.
     *
     * @throws RequestException when it is none of this map
     */
    byte[] value(JsonNode value) throws RequestException {
        return ValueJson.parse(valueLayout(), value, "value");
    }
}
