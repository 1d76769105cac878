package dev.gbpf.host.cli;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** {@code gbpf policy history}: what decided when. */
@Command(
        name = "history",
        addMethodSubcommands = false,
        description = {
            "Lists the newest changes of the policy that decides, oldest first: when, by whom, and what became of jobs and maps."
        },
        footer = {"", "Example:", "  gbpf policy history"})
final class PolicyHistoryCommand implements Verb {
    private final Session session;

    @Mixin
    final JsonOptions jsonOptions;

    @Mixin
    final DaemonOption daemon = new DaemonOption();

    PolicyHistoryCommand(Session session) {
        this.session = session;
        this.jsonOptions = new JsonOptions(session);
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(ExitCode.NO_DAEMON, ExitCode.DENIED);
    }

    @Override
    public Integer call() {
        JsonNode history;
        try (DaemonLink link = DaemonLink.connect(session, daemon)) {
            history = link.call("policy.history");
        }
        if (session.json()) {
            session.printJson(history);
            return ExitCode.OK.number();
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
        return ExitCode.OK.number();
    }
}
