package dev.gbpf.host.cli;

import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** A command about one map. */
abstract class MapVerb extends DaemonVerb {
    @Parameters(
            index = "0",
            paramLabel = "MAP",
            description = "Name of a map of the policy that decides, or POLICY.MAP.")
    String map = "";

    MapVerb(Session session) {
        super(session);
    }

    /** Parameters with the map in them. */
    final ObjectNode parameters() {
        ObjectNode parameters = DaemonLink.parameters();
        parameters.put("map", map);
        return parameters;
    }
}
