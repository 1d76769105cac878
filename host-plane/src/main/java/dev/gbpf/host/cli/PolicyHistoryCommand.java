package dev.gbpf.host.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code gbpf policy history}: what decided when, and how that ended. */
@Command(
        name = "history",
        addMethodSubcommands = false,
        description = {
            "Lists when which policy began to decide, or to be tried, the newest last: by whom, what became of jobs and maps, and how"
                    + " it ended. Earlier daemons with the same records count too.",
            "With a number, all about that one: the exit dump of a policy that the failsafe took out, the report of a trial."
        },
        footer = {"", "Examples:", "  gbpf policy history", "  gbpf policy history 12"})
final class PolicyHistoryCommand extends DaemonVerb {
    @Parameters(arity = "0..1", paramLabel = "NUMBER", description = "Of the history.")
    @Nullable
    Long number;

    PolicyHistoryCommand(Session session) {
        super(session);
    }

    @Override
    void run(DaemonLink link) {
        if (number == null) {
            list(link.call("policy.history"));
            return;
        }
        JsonNode activation = link.call("policy.record", DaemonLink.parameters().put("number", number));
        if (session.json()) {
            session.printJson(activation);
            return;
        }
        session.out().append(HistoryText.of(activation) + "\n");
        JsonNode report = activation.path("end").path("report");
        if (report.isObject()) {
            session.out().append(report.toPrettyString() + "\n");
        }
    }

    private void list(JsonNode history) {
        if (session.json()) {
            session.printJson(history);
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("number", "at", "by", "change"));
        for (JsonNode activation : history) {
            rows.add(List.of(
                    Long.toString(activation.path("number").asLong()),
                    activation.path("at").asString(),
                    activation.path("by").asString(),
                    HistoryText.of(activation)));
        }
        session.out().append(Text.table(rows, true, false, false, false));
    }
}
