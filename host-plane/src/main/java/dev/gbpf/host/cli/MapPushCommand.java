package dev.gbpf.host.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code gbpf map push}: adds to a queue or stack. */
@Command(
        name = "push",
        addMethodSubcommands = false,
        description = "Adds a value to a queue or a stack.",
        footer = {"", "Example:", "  gbpf map push hints 3"})
final class MapPushCommand extends MapVerb {
    @Parameters(
            index = "1",
            paramLabel = "VALUE",
            description = "A number, a struct as '{ a: 1 }', or bytes as 0x0a0b.")
    String value = "";

    MapPushCommand(Session session) {
        super(session);
    }

    @Override
    void run(DaemonLink link) {
        ObjectNode parameters = parameters();
        parameters.set("value", MapValue.parse(value, "value"));
        JsonNode result = link.call("map.push", parameters);
        if (session.json()) {
            session.printJson(result);
        }
    }
}
