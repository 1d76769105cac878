package dev.gbpf.host.daemon;

import dev.gbpf.diagnostic.Suggestion;
import dev.gbpf.host.authority.AccessRules;
import dev.gbpf.host.authority.Role;
import dev.gbpf.host.control.EventLog;
import dev.gbpf.host.control.Messages;
import dev.gbpf.host.control.Peer;
import dev.gbpf.host.control.Protocol;
import dev.gbpf.host.control.ReplyCode;
import dev.gbpf.host.control.Request;
import dev.gbpf.host.control.RequestException;
import dev.gbpf.host.control.RequestHandler;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Everything that clients can ask for, and whether they may. */
final class DaemonRequests implements RequestHandler {
    /** The one method that needs no role. */
    static final String HELLO = "hello";

    private final AccessRules access;
    private final EventLog log;
    private final Map<String, Method> methods = new TreeMap<>();

    DaemonRequests(AccessRules access, EventLog log) {
        this.access = access;
        this.log = log;
    }

    /** Adds methods, by their names. */
    void add(Map<String, Method> more) {
        methods.putAll(more);
    }

    /** All methods, by their names. */
    Map<String, Method> methods() {
        return methods;
    }

    @Override
    public JsonNode handle(Request request, Peer peer, EventSink events) throws RequestException, IOException {
        Optional<Role> role = access.role(peer.user(), peer.group());
        if (request.method().equals(HELLO)) {
            return hello(peer, role);
        }
        Method method = methods.get(request.method());
        if (method == null) {
            throw new RequestException(
                    ReplyCode.UNKNOWN_METHOD,
                    "there is no such method",
                    Suggestion.closest(request.method(), methods.keySet())
                            .map(m -> "did you mean " + m + "?")
                            .orElse("docs/daemon.md lists them"));
        }
        if (role.isEmpty() || !role.get().covers(method.role())) {
            log.write(peer + ": denied " + request.method() + ", which needs the role "
                    + method.role().word());
            throw new RequestException(
                    ReplyCode.DENIED,
                    "user " + peer.user().getName() + " has "
                            + role.map(r -> "the role " + r.word()).orElse("no role") + ", and " + request.method()
                            + " needs " + method.role().word(),
                    "whoever runs the daemon can give it in its configuration");
        }
        return method.handler().handle(request, peer, events);
    }

    private static ObjectNode hello(Peer peer, Optional<Role> role) {
        ObjectNode result = Messages.object();
        result.put("daemon", "gbpf");
        result.put("version", Protocol.VERSION);
        result.put("pid", ProcessHandle.current().pid());
        result.put("user", peer.user().getName());
        result.put("role", role.map(Role::word).orElse("none"));
        return result;
    }
}
