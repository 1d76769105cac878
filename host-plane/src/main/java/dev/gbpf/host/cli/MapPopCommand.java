package dev.gbpf.host.cli;

import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** {@code gbpf map pop}: takes out of a queue or stack. */
@Command(
        name = "pop",
        addMethodSubcommands = false,
        description = "Takes a value out of a queue or a stack, and prints it.",
        footer = {"", "Example:", "  gbpf map pop hints"})
final class MapPopCommand extends MapVerb {
    MapPopCommand(Session session) {
        super(session);
    }

    @Override
    void run(DaemonLink link) {
        JsonNode entry = link.call("map.pop", parameters());
        if (session.json()) {
            session.printJson(entry);
        } else {
            session.out().append(MapValue.entry(entry)).append('\n');
        }
    }
}
