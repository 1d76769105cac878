package dev.gbpf.host.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code gbpf map delete}: removes an entry. */
@Command(
        name = "delete",
        addMethodSubcommands = false,
        description = "Removes the entry of a key of a hash.",
        footer = {"", "Example:", "  gbpf map delete served 0"})
final class MapDeleteCommand extends MapVerb {
    @Parameters(index = "1", paramLabel = "KEY", description = "A number, a struct as '{ a: 1 }', or bytes as 0x0a0b.")
    String key = "";

    MapDeleteCommand(Session session) {
        super(session);
    }

    @Override
    void run(DaemonLink link) {
        ObjectNode parameters = parameters();
        parameters.set("key", MapValue.parse(key, "key"));
        JsonNode result = link.call("map.delete", parameters);
        if (session.json()) {
            session.printJson(result);
        }
    }
}
