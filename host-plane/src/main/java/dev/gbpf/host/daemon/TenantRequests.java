package dev.gbpf.host.daemon;

import dev.gbpf.host.authority.Role;
import dev.gbpf.host.control.EventLog;
import dev.gbpf.host.control.Messages;
import dev.gbpf.host.control.Parameters;
import dev.gbpf.host.control.Peer;
import dev.gbpf.host.control.ReplyCode;
import dev.gbpf.host.control.Request;
import dev.gbpf.host.control.RequestException;
import dev.gbpf.host.device.LeverSettings;
import dev.gbpf.host.live.ApplicationStatus;
import dev.gbpf.host.live.LiveHost;
import dev.gbpf.host.live.LiveStatus;
import dev.gbpf.host.live.LiveStatus.TenantStatus;
import dev.gbpf.host.live.TenantChange;
import dev.gbpf.host.queue.Tenant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What clients can ask about tenants and their processes, and change about them. */
final class TenantRequests {
    private static final int MOST_WEIGHT = 1_000_000;
    private static final int MOST_PRIORITY = 1_000;
    private static final long ABSENT = -1;

    private final LiveHost live;
    private final EventLog log;

    TenantRequests(LiveHost live, EventLog log) {
        this.live = live;
        this.log = log;
    }

    Map<String, Method> methods() {
        return Map.of(
                "tenant.list",
                new Method(
                        Role.OBSERVE,
                        "The tenants, what became of their jobs, and their processes.",
                        (_, _, _) -> tenants(PolicyChanges.await(live.status()))),
                "tenant.set",
                new Method(
                        Role.SWAP,
                        "Changes `weight`, `priority`, `timesliceUs`, `quotaBytes` or `copyBytesPerSecond` of `tenant`, of a daemon for"
                                + " applications.",
                        (request, peer, _) -> set(request, peer)));
    }

    static ArrayNode tenants(LiveStatus status) {
        ArrayNode list = Messages.array();
        for (TenantStatus tenant : status.tenants()) {
            ObjectNode node = list.addObject();
            node.put("index", tenant.tenant().index());
            node.put("name", tenant.tenant().name());
            node.put("weight", tenant.tenant().weight());
            node.put("priority", tenant.tenant().priority());
            node.put("submitted", tenant.submitted());
            node.put("queued", tenant.queued());
            node.put("running", tenant.running());
            node.put("retired", tenant.retired());
            node.put("failed", tenant.failed());
            node.put("rejected", tenant.rejected());
            node.put("runNs", tenant.runNs());
            node.put("medianNs", tenant.medianNs());
            node.put("p99Ns", tenant.p99Ns());
            ArrayNode processes = Messages.array();
            for (ApplicationStatus application : status.applications()) {
                if (application.tenant().index() == tenant.tenant().index()) {
                    processes.add(process(application));
                }
            }
            if (!processes.isEmpty()) {
                node.set("processes", processes);
            }
        }
        return list;
    }

    private static ObjectNode process(ApplicationStatus application) {
        ObjectNode node = Messages.object();
        node.put("client", application.client());
        node.put("pid", application.pid());
        node.put("user", application.user());
        node.put("class", application.kind());
        node.put("command", application.command());
        node.put("launches", application.launches());
        node.put("held", application.held());
        node.put("heldNs", application.heldNs());
        node.put("failOpen", application.failOpen());
        node.put("timesliceUs", application.timesliceUs());
        node.put("memoryBytes", application.memoryBytes());
        if (!application.sms().isEmpty()) {
            node.put("sms", application.sms());
            node.put("partitionErrors", application.partitionErrors());
        }
        ObjectNode levers = node.putObject("levers");
        application.levers().forEach(levers::put);
        return node;
    }

    /** How each lever fares: in how many processes it is in which state. */
    static ObjectNode levers(List<ApplicationStatus> applications) {
        ObjectNode levers = Messages.object();
        Map<String, Map<String, Integer>> counts = new TreeMap<>();
        applications.forEach(application -> application
                .levers()
                .forEach((lever, state) ->
                        counts.computeIfAbsent(lever, _ -> new TreeMap<>()).merge(state, 1, Integer::sum)));
        counts.forEach((lever, states) -> {
            ObjectNode node = levers.putObject(lever);
            states.forEach(node::put);
        });
        return levers;
    }

    private ObjectNode set(Request request, Peer peer) throws RequestException {
        Parameters parameters = request.parameters();
        String name = parameters.text("tenant");
        TenantChange change = new TenantChange(
                integer(parameters, "weight", 1, MOST_WEIGHT),
                integer(parameters, "priority", 0, MOST_PRIORITY),
                number(parameters, "timesliceUs", LeverSettings.MOST_TIMESLICE_US),
                number(parameters, "quotaBytes", Long.MAX_VALUE),
                number(parameters, "copyBytesPerSecond", Long.MAX_VALUE));
        Tenant changed = PolicyChanges.await(live.change(name, change)).orElseThrow(() -> unchanged(name));
        log.write(peer + ": changed tenant " + name);
        ObjectNode result = Messages.object();
        result.put("tenant", changed.name());
        result.put("weight", changed.weight());
        result.put("priority", changed.priority());
        return result;
    }

    private RequestException unchanged(String name) {
        return live.tenants().stream().anyMatch(t -> t.name().equals(name))
                ? new RequestException(
                        ReplyCode.REFUSED,
                        "the tenants of a scenario are those of its file",
                        "only a daemon for applications can change tenants: gbpf daemon --device interposed")
                : new RequestException(ReplyCode.NOT_FOUND, "there is no tenant " + name, "see gbpf tenant list");
    }

    private static OptionalInt integer(Parameters parameters, String name, int least, int most)
            throws RequestException {
        return parameters.has(name)
                ? OptionalInt.of((int) parameters.number(name, least, most, least))
                : OptionalInt.empty();
    }

    private static OptionalLong number(Parameters parameters, String name, long most) throws RequestException {
        long value = parameters.number(name, 0, most, ABSENT);
        return value == ABSENT ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
