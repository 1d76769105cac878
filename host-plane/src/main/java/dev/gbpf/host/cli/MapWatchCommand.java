package dev.gbpf.host.cli;

import dev.gbpf.host.control.Protocol;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code gbpf map watch}: what happens in a map. */
@Command(
        name = "watch",
        addMethodSubcommands = false,
        description = {
            "Prints what happens in a map as it happens: the records of a ring buffer, each of which one watcher gets and which are"
                    + " gone then; of other maps the entries that change."
        },
        footer = {"", "Examples:", "  gbpf map watch late_jobs", "  gbpf --json map watch served --interval 200"})
final class MapWatchCommand extends MapVerb {
    @Option(
            names = "--interval",
            paramLabel = "MS",
            description = "How often maps other than ring buffers are looked at, 50 to 60,000 ms. Default: 1000.")
    int interval = 1000;

    @Option(names = "--count", paramLabel = "N", description = "End after so many lines.")
    long count = Long.MAX_VALUE;

    MapWatchCommand(Session session) {
        super(session);
    }

    @Override
    void run(DaemonLink link) {
        CliException.requireRange(
                "--interval", interval, Protocol.LEAST_WATCH_INTERVAL_MS, Protocol.MOST_WATCH_INTERVAL_MS);
        ObjectNode parameters = parameters();
        parameters.put("intervalMs", interval);
        long[] shown = {0};
        link.call("map.watch", parameters, event -> {
            if (!event.isEmpty() && !event.has("watching")) {
                shown[0]++;
                show(event);
            }
            return shown[0] < count;
        });
    }

    private void show(JsonNode event) {
        if (session.json()) {
            session.printJson(event);
        } else if (event.has("record")) {
            session.out().append(MapValue.text(event.path("record"))).append('\n');
        } else if (event.has("lost")) {
            session.out().append("(" + Text.count(event.path("lost").asLong(), "record") + " lost)\n");
        } else if (event.has("deleted")) {
            session.out().append(MapValue.text(event.path("key")) + ": deleted\n");
        } else {
            session.out().append(MapValue.entry(event)).append('\n');
        }
        session.out().flush();
    }
}
