package dev.gbpf.host.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code gbpf map update}: sets an entry. */
@Command(
        name = "update",
        addMethodSubcommands = false,
        description = {
            "Sets the value of a key, while the policy runs. Fields of a struct that are left out are 0. In a per-CPU array every"
                    + " thread's value is set."
        },
        footer = {
            "",
            "Examples:",
            "  gbpf map update served 0 1000",
            "  gbpf map update buckets 1 '{ tokens: 7, at: 0 }'"
        })
final class MapUpdateCommand extends MapVerb {
    @Parameters(index = "1", paramLabel = "KEY", description = "A number, a struct as '{ a: 1 }', or bytes as 0x0a0b.")
    String key = "";

    @Parameters(index = "2", paramLabel = "VALUE", description = "Likewise.")
    String value = "";

    @Option(
            names = "--flag",
            paramLabel = "FLAG",
            description = "any (default), noexist: the key must be new, or exist: it must be there.")
    String flag = "any";

    MapUpdateCommand(Session session) {
        super(session);
    }

    @Override
    void run(DaemonLink link) {
        ObjectNode parameters = parameters();
        parameters.set("key", MapValue.parse(key, "key"));
        parameters.set("value", MapValue.parse(value, "value"));
        parameters.put("flag", flag);
        JsonNode entry = link.call("map.update", parameters);
        if (session.json()) {
            session.printJson(entry);
        }
    }
}
