package dev.gbpf.host.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** {@code gbpf map show}: one map, without its entries. */
@Command(
        name = "show",
        addMethodSubcommands = false,
        description = "Shows what is known of a map: kind, types, sizes, failed updates, lost records.",
        footer = {"", "Example:", "  gbpf map show served"})
final class MapShowCommand extends MapVerb {
    MapShowCommand(Session session) {
        super(session);
    }

    @Override
    void run(DaemonLink link) {
        JsonNode map = link.call("map.show", parameters());
        if (session.json()) {
            session.printJson(map);
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        for (Map.Entry<String, JsonNode> member : map.properties()) {
            rows.add(List.of(member.getKey(), MapValue.text(member.getValue())));
        }
        session.out().append(Text.table(rows, false, false));
    }
}
