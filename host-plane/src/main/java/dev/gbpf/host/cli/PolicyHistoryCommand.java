package dev.gbpf.host.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** {@code gbpf policy history}: what decided when. */
@Command(
        name = "history",
        addMethodSubcommands = false,
        description = {
            "Lists the newest changes of the policy that decides, oldest first: when, by whom, and what became of jobs and maps."
        },
        footer = {"", "Example:", "  gbpf policy history"})
final class PolicyHistoryCommand extends DaemonVerb {
    PolicyHistoryCommand(Session session) {
        super(session);
    }

    @Override
    void run(DaemonLink link) {
        JsonNode history = link.call("policy.history");
        if (session.json()) {
            session.printJson(history);
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("number", "at", "by", "change"));
        for (JsonNode change : history) {
            rows.add(List.of(
                    Long.toString(change.path("number").asLong()),
                    change.path("at").asString(),
                    change.path("by").asString(),
                    ChangeText.of(change)));
        }
        session.out().append(Text.table(rows, true, false, false, false));
    }
}
