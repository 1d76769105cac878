package dev.gbpf.host.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code gbpf tenant set}: what a tenant of a daemon for applications is to have. */
@Command(
        name = "set",
        addMethodSubcommands = false,
        description = {
            "Changes what a tenant is to have, at once, of a daemon for applications (gbpf daemon --device interposed). Weight and"
                    + " priority are for policies to see. The others hold where the policy that decides does not set them itself, and"
                    + " not in bypass. Lasts as long as the daemon."
        },
        footer = {
            "",
            "Examples:",
            "  gbpf tenant set training --weight 3",
            "  gbpf tenant set training --quota 10737418240 --timeslice-us 1000"
        })
final class TenantSetCommand extends DaemonVerb {
    @Parameters(paramLabel = "NAME", description = "The tenant, as gbpf tenant list has it.")
    String name = "";

    @Option(names = "--weight", paramLabel = "N", description = "Its share relative to others', 1 to 1000000.")
    @Nullable
    Long weight;

    @Option(names = "--priority", paramLabel = "N", description = "Greater is more urgent, 0 to 1000.")
    @Nullable
    Long priority;

    @Option(
            names = "--timeslice-us",
            paramLabel = "N",
            description = "How long the GPU runs its processes at a time, us; 0: as the driver does.")
    @Nullable
    Long timesliceUs;

    @Option(
            names = "--quota",
            paramLabel = "BYTES",
            description = "Device memory that each of its processes may have; 0: no limit.")
    @Nullable
    Long quota;

    @Option(
            names = "--copy-rate",
            paramLabel = "BYTES",
            description = "What each of its processes may copy in a second; 0: no limit.")
    @Nullable
    Long copyRate;

    TenantSetCommand(Session session) {
        super(session);
    }

    @Override
    void run(DaemonLink link) {
        ObjectNode parameters = DaemonLink.parameters().put("tenant", name);
        put(parameters, "weight", weight);
        put(parameters, "priority", priority);
        put(parameters, "timesliceUs", timesliceUs);
        put(parameters, "quotaBytes", quota);
        put(parameters, "copyBytesPerSecond", copyRate);
        if (parameters.size() == 1) {
            throw new CliException(ExitCode.USAGE, "nothing to set", "see gbpf tenant set --help");
        }
        JsonNode changed = link.call("tenant.set", parameters);
        if (session.json()) {
            session.printJson(changed);
        } else {
            session.out()
                    .append(changed.path("tenant").asString() + ": weight "
                            + Text.grouped(changed.path("weight").asLong()) + ", priority "
                            + Text.grouped(changed.path("priority").asLong()) + "\n");
        }
    }

    private static void put(ObjectNode parameters, String name, @Nullable Long value) {
        if (value != null) {
            parameters.put(name, value);
        }
    }
}
