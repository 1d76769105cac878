package dev.gbpf.host.daemon;

import dev.gbpf.abi.Errno;
import dev.gbpf.host.authority.Role;
import dev.gbpf.host.control.EventLog;
import dev.gbpf.host.control.Messages;
import dev.gbpf.host.control.Peer;
import dev.gbpf.host.control.Protocol;
import dev.gbpf.host.control.ReplyCode;
import dev.gbpf.host.control.Request;
import dev.gbpf.host.control.RequestException;
import dev.gbpf.host.control.RequestHandler;
import dev.gbpf.host.control.RequestHandler.EventSink;
import dev.gbpf.host.live.LiveHost;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.CountersMap;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.host.map.QueueMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What clients can ask about maps. */
final class MapRequests {
    private static final long DEFAULT_LIMIT = 10_000;
    private static final String MAP = "map";
    private static final String KEY = "key";
    private static final String VALUE = "value";

    private final MapRegistry maps;
    private final LiveHost live;
    private final EventLog log;

    MapRequests(MapRegistry maps, LiveHost live, EventLog log) {
        this.maps = maps;
        this.live = live;
        this.log = log;
    }

    Map<String, Method> methods() {
        return Map.ofEntries(
                method("map.list", Role.OBSERVE, "The maps of all policies, or of `policy`.", (r, _, _) -> list(r)),
                method("map.show", Role.OBSERVE, "One map, without its entries.", (r, _, _) -> find(r).describe()),
                method(
                        "map.dump",
                        Role.OBSERVE,
                        "The entries of a map, `limit` (10,000) at most.",
                        (r, _, _) -> dump(r)),
                method("map.lookup", Role.OBSERVE, "The entry of `key`.", (r, _, _) -> lookup(r)),
                method(
                        "map.update",
                        Role.SWAP,
                        "Sets `key` to `value`; `flag` is any, noexist or exist.",
                        this::update),
                method("map.delete", Role.SWAP, "Removes the entry of `key`.", this::delete),
                method("map.push", Role.SWAP, "Adds `value` to a queue or stack.", this::push),
                method("map.pop", Role.SWAP, "Takes a value out of a queue or stack.", this::pop),
                method(
                        "map.watch",
                        Role.OBSERVE,
                        "Records of a ring buffer as they come, taken out; of other maps what changes, looked at every"
                                + " `intervalMs` (1000).",
                        (r, _, events) -> new MapWatch(find(r), events).run(r.parameters())));
    }

    private static Map.Entry<String, Method> method(String name, Role role, String meaning, RequestHandler handler) {
        return Map.entry(name, new Method(role, meaning, (request, peer, events) -> {
            try {
                return handler.handle(request, peer, events);
            } catch (IllegalStateException e) {
                throw new RequestException(
                        ReplyCode.NOT_FOUND, "the map is gone: its policy has dropped it", "gbpf map list");
            }
        }));
    }

    private List<MapView> all() {
        List<MapView> all = new ArrayList<>();
        for (String policy : maps.policies()) {
            maps.maps(policy).forEach(map -> all.add(new MapView(policy, map)));
        }
        return all;
    }

    private JsonNode list(Request request) throws RequestException {
        Optional<String> policy = request.parameters().optionalText("policy");
        ArrayNode list = Messages.array();
        for (MapView view : all()) {
            if (policy.isEmpty() || policy.get().equals(view.policy())) {
                list.add(view.describe());
            }
        }
        return list;
    }

    /** The map of a name: {@code POLICY.MAP}, or {@code MAP} of the policy that decides, or of the only one that has it. */
    private MapView find(Request request) throws RequestException {
        String name = request.parameters().text(MAP);
        List<MapView> found = all().stream()
                .filter(v -> name.equals(v.map().name())
                        || name.equals(v.policy() + "." + v.map().name()))
                .toList();
        String active = live.swaps().status().policy();
        Optional<MapView> own =
                found.stream().filter(v -> v.policy().equals(active)).findFirst();
        if (own.isPresent()) {
            return own.get();
        }
        if (found.size() > 1) {
            throw new RequestException(
                    ReplyCode.AMBIGUOUS,
                    "several policies have a map " + name,
                    "one of "
                            + found.stream()
                                    .map(v -> v.policy() + "." + v.map().name())
                                    .collect(Collectors.joining(", ")));
        }
        if (found.isEmpty()) {
            throw new RequestException(ReplyCode.NOT_FOUND, "there is no map " + name, "gbpf map list");
        }
        return found.getFirst();
    }

    private JsonNode dump(Request request) throws RequestException {
        return find(request).dump(request.parameters().number("limit", 1, Protocol.MAX_ENTRIES, DEFAULT_LIMIT));
    }

    private JsonNode lookup(Request request) throws RequestException {
        MapView view = find(request);
        byte[] key = view.key(request.parameters().value(KEY));
        byte[] value = view.map().get(key).orElseThrow(() -> absent(view));
        return view.entry(key, value);
    }

    private static RequestException absent(MapView view) {
        return new RequestException(
                ReplyCode.NOT_FOUND, "the map " + view.map().name() + " has no entry of that key", "");
    }

    private JsonNode update(Request request, Peer peer, EventSink events) throws RequestException {
        MapView view = find(request);
        byte[] key = view.key(request.parameters().value(KEY));
        byte[] value = view.value(request.parameters().value(VALUE));
        long flag = switch (request.parameters().optionalText("flag").orElse("any")) {
            case "any" -> BpfMap.ANY;
            case "noexist" -> BpfMap.NO_EXIST;
            case "exist" -> BpfMap.EXIST;
            default ->
                throw new RequestException(
                        ReplyCode.BAD_PARAMETER, "the parameter \"flag\" is not any, noexist or exist", "");
        };
        for (int cpu = 0; cpu < view.map().cpus(); cpu++) {
            check(view, view.map().onCpu(cpu).put(key, value, flag));
        }
        changed(peer, view, "updated");
        return view.entry(key, value);
    }

    private JsonNode delete(Request request, Peer peer, EventSink events) throws RequestException {
        MapView view = find(request);
        byte[] key = view.key(request.parameters().value(KEY));
        check(view, view.map().remove(key));
        changed(peer, view, "deleted from");
        return Messages.object();
    }

    private JsonNode push(Request request, Peer peer, EventSink events) throws RequestException {
        MapView view = find(request);
        check(view, queue(view).push(view.value(request.parameters().value(VALUE)), BpfMap.ANY));
        changed(peer, view, "pushed to");
        return Messages.object();
    }

    private JsonNode pop(Request request, Peer peer, EventSink events) throws RequestException {
        MapView view = find(request);
        byte[] value = queue(view)
                .pop()
                .orElseThrow(() -> new RequestException(
                        ReplyCode.NOT_FOUND, "the map " + view.map().name() + " is empty", ""));
        changed(peer, view, "popped from");
        ObjectNode result = Messages.object();
        result.set(VALUE, ValueJson.of(view.valueLayout(), value));
        return result;
    }

    private static QueueMap queue(MapView view) throws RequestException {
        if (view.map() instanceof QueueMap queue) {
            return queue;
        }
        throw new RequestException(
                ReplyCode.BAD_PARAMETER, "the map " + view.map().name() + " is no queue and no stack", "");
    }

    private void changed(Peer peer, MapView view, String what) {
        log.write(
                peer + ": " + what + " map " + view.policy() + "." + view.map().name());
    }

    private static void check(MapView view, long result) throws RequestException {
        if (result == 0) {
            return;
        }
        String name = "the map " + view.map().name();
        if (result == Errno.ENOENT) {
            throw absent(view);
        } else if (result == Errno.EEXIST) {
            throw new RequestException(ReplyCode.REFUSED, name + " has an entry of that key already", "");
        } else if (result == Errno.E2BIG) {
            throw new RequestException(ReplyCode.REFUSED, name + " is full, or has no such index", "");
        } else if (result == Errno.EPERM) {
            throw new RequestException(ReplyCode.REFUSED, name + " is read-only", "");
        }
        if (view.map() instanceof CountersMap) {
            throw new RequestException(
                    ReplyCode.REFUSED, name + " counts what devices do: it can only be set back to 0", "");
        }
        throw new RequestException(ReplyCode.REFUSED, name + " does not allow it", "");
    }
}
