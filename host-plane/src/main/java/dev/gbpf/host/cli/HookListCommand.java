package dev.gbpf.host.cli;

import dev.gbpf.abi.Hook;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code gbpf hook list}: all hooks. */
@Command(
        name = "list",
        addMethodSubcommands = false,
        description = {
            "Lists the hooks: where they run, their budgets in instructions; with a daemon also whose program is asked there, and"
                    + " how often any was."
        },
        footer = {"", "Example:", "  gbpf hook list"})
final class HookListCommand implements Verb {
    private final Session session;

    @Mixin
    final JsonOptions jsonOptions;

    @Mixin
    final DaemonOption daemon = new DaemonOption();

    HookListCommand(Session session) {
        this.session = session;
        this.jsonOptions = new JsonOptions(session);
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(ExitCode.NO_DAEMON, ExitCode.DENIED);
    }

    @Override
    public Integer call() {
        Map<String, JsonNode> live = new HashMap<>();
        Optional<DaemonLink> found = DaemonLink.find(session, daemon);
        if (found.isPresent()) {
            try (DaemonLink link = found.get()) {
                link.call("hook.list")
                        .forEach(hook -> live.put(hook.path("hook").asString(), hook));
            }
        }
        ArrayNode list = Session.array();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("hook", "plane", "budget", "policy", "asked"));
        for (Hook hook : Hook.values()) {
            ObjectNode node = list.addObject();
            node.put("hook", hook.symbol());
            node.put("id", hook.id());
            node.put("plane", hook.plane().word());
            node.put("budget", hook.budget());
            JsonNode state = live.get(hook.symbol());
            if (state != null) {
                node.put("decisions", state.path("decisions").asLong());
                if (state.has("policy")) {
                    node.put("policy", state.path("policy").asString());
                }
            }
            rows.add(List.of(
                    hook.symbol(),
                    hook.plane().word(),
                    Text.grouped(hook.budget()),
                    state == null ? "-" : state.path("policy").asString("-"),
                    state == null ? "-" : Text.grouped(state.path("decisions").asLong())));
        }
        if (session.json()) {
            session.printJson(list);
        } else {
            session.out().append(Text.table(rows, false, false, true, false, true));
        }
        return ExitCode.OK.number();
    }
}
