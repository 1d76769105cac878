package dev.gbpf.host.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code gbpf policy unload}: the daemon forgets a policy. */
@Command(
        name = "unload",
        addMethodSubcommands = false,
        description = {
            "Makes the daemon forget a policy, and its maps when it is the last of its name. When it decides, the plane goes to"
                    + " bypass first."
        },
        footer = {"", "Example:", "  gbpf policy unload weighted_fair"})
final class PolicyUnloadCommand extends DaemonVerb {
    @Parameters(paramLabel = "POLICY", description = "Name, id or tag of a loaded policy.")
    String policy = "";

    PolicyUnloadCommand(Session session) {
        super(session);
    }

    @Override
    void run(DaemonLink link) {
        JsonNode result = link.call("policy.unload", PolicyUpload.named(policy));
        if (session.json()) {
            session.printJson(result);
        } else {
            session.out()
                    .append(result.path("name").asString() + ", tag "
                            + result.path("tag").asString() + ": unloaded"
                            + (result.path("bypass").asBoolean() ? "; the plane is in bypass\n" : "\n"));
        }
    }
}
