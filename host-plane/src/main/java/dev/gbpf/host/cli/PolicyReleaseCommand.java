package dev.gbpf.host.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code gbpf policy release}: a policy in quarantine may decide again. */
@Command(
        name = "release",
        addMethodSubcommands = false,
        description = "Lets a policy that is in quarantine decide again; it does not decide by that.",
        footer = {"", "Example:", "  gbpf policy release 3f2a91c0d4e5b617"})
final class PolicyReleaseCommand extends DaemonVerb {
    @Parameters(
            paramLabel = "HASH",
            description = "Its tag, or the first four or more digits of it, or its name: gbpf policy quarantine.")
    String policy = "";

    PolicyReleaseCommand(Session session) {
        super(session);
    }

    @Override
    void run(DaemonLink link) {
        JsonNode released = link.call("policy.release", PolicyUpload.named(policy));
        if (session.json()) {
            session.printJson(released);
        } else {
            session.out()
                    .append(released.path("name").asString() + ", tag "
                            + released.path("tag").asString() + ": released\n");
        }
    }
}
