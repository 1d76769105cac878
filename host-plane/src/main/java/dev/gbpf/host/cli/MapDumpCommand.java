package dev.gbpf.host.cli;

import dev.gbpf.host.control.Protocol;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code gbpf map dump}: the entries of a map. */
@Command(
        name = "dump",
        addMethodSubcommands = false,
        description = {
            "Prints the entries of a map, one a line: numbers, fields of structs, and bytes whose meaning is not known in"
                    + " hexadecimal. An array has all its elements; of a per-CPU array those of each thread are shown."
        },
        footer = {"", "Example:", "  gbpf map dump served"})
final class MapDumpCommand extends MapVerb {
    @Option(names = "--limit", paramLabel = "N", description = "Entries at most, to 100,000. Default: 10,000.")
    int limit = 10_000;

    MapDumpCommand(Session session) {
        super(session);
    }

    @Override
    void run(DaemonLink link) {
        CliException.requireRange("--limit", limit, 1, Protocol.MAX_ENTRIES);
        ObjectNode parameters = parameters();
        parameters.put("limit", limit);
        JsonNode dump = link.call("map.dump", parameters);
        if (session.json()) {
            session.printJson(dump);
            return;
        }
        dump.path("entries")
                .forEach(entry -> session.out().append(MapValue.entry(entry)).append('\n'));
        if (dump.path("more").asBoolean()) {
            session.err().println("gbpf: there are more entries; see --limit");
        }
    }
}
