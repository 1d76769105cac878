package dev.gbpf.host.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code gbpf map list}: the maps of policies. */
@Command(
        name = "list",
        addMethodSubcommands = false,
        description = "Lists the maps of the daemon's policies: kind, types of key and value, entries.",
        footer = {"", "Examples:", "  gbpf map list", "  gbpf map list weighted_fair"})
final class MapListCommand extends DaemonVerb {
    @Parameters(paramLabel = "POLICY", arity = "0..1", description = "Only those of this policy.")
    @Nullable
    String policy;

    MapListCommand(Session session) {
        super(session);
    }

    @Override
    void run(DaemonLink link) {
        ObjectNode parameters = DaemonLink.parameters();
        if (policy != null) {
            parameters.put("policy", policy);
        }
        JsonNode maps = link.call("map.list", parameters);
        if (session.json()) {
            session.printJson(maps);
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("policy", "map", "kind", "key", "value", "entries", "room for"));
        for (JsonNode map : maps) {
            rows.add(List.of(
                    map.path("policy").asString(),
                    map.path("name").asString(),
                    map.path("kind").asString(),
                    map.path("key").asString("-"),
                    map.path("value").asString(),
                    Text.grouped(map.path("entries").asLong()),
                    Text.grouped(map.path("maxEntries").asLong())));
        }
        session.out().append(Text.table(rows, false, false, false, false, false, true, true));
    }
}
