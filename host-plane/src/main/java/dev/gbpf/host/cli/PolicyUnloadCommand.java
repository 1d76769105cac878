package dev.gbpf.host.cli;

import java.util.EnumSet;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
final class PolicyUnloadCommand implements Verb {
    private final Session session;

    @Mixin
    final JsonOptions jsonOptions;

    @Mixin
    final DaemonOption daemon = new DaemonOption();

    @Parameters(paramLabel = "POLICY", description = "Name, id or tag of a loaded policy.")
    String policy = "";

    PolicyUnloadCommand(Session session) {
        this.session = session;
        this.jsonOptions = new JsonOptions(session);
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(ExitCode.NO_DAEMON, ExitCode.DENIED, ExitCode.REFUSED);
    }

    @Override
    public Integer call() {
        try (DaemonLink link = DaemonLink.connect(session, daemon)) {
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
        return ExitCode.OK.number();
    }
}
