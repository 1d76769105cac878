package dev.gbpf.host.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code gbpf map lookup}: one entry. */
@Command(
        name = "lookup",
        addMethodSubcommands = false,
        description = "Prints the entry of a key.",
        footer = {"", "Example:", "  gbpf map lookup served 0"})
final class MapLookupCommand extends MapVerb {
    @Parameters(index = "1", paramLabel = "KEY", description = "A number, a struct as '{ a: 1 }', or bytes as 0x0a0b.")
    String key = "";

    MapLookupCommand(Session session) {
        super(session);
    }

    @Override
    void run(DaemonLink link) {
        ObjectNode parameters = parameters();
        parameters.set("key", MapValue.parse(key, "key"));
        JsonNode entry = link.call("map.lookup", parameters);
        if (session.json()) {
            session.printJson(entry);
        } else {
            session.out().append(MapValue.entry(entry)).append('\n');
        }
    }
}
