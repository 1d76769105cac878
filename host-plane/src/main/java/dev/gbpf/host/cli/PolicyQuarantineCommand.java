package dev.gbpf.host.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** {@code gbpf policy quarantine}: what must not decide. */
@Command(
        name = "quarantine",
        addMethodSubcommands = false,
        description = {
            "Lists the policies that the failsafe took out more than once within a short time, the newest first: they must not decide"
                    + " before gbpf policy release, whatever their names, and also after a restart of the daemon."
        },
        footer = {"", "Example:", "  gbpf policy quarantine"})
final class PolicyQuarantineCommand extends DaemonVerb {
    PolicyQuarantineCommand(Session session) {
        super(session);
    }

    @Override
    void run(DaemonLink link) {
        JsonNode policies = link.call("policy.quarantine");
        if (session.json()) {
            session.printJson(policies);
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("name", "tag", "since", "why"));
        for (JsonNode policy : policies) {
            rows.add(List.of(
                    policy.path("name").asString(),
                    policy.path("tag").asString(),
                    policy.path("since").asString(),
                    policy.path("reason").asString()));
        }
        session.out().append(Text.table(rows, false, false, false, false));
    }
}
