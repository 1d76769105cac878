package dev.gbpf.host.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** {@code gbpf tenant list}: the tenants and their jobs. */
@Command(
        name = "list",
        addMethodSubcommands = false,
        description = {
            "Lists the tenants: weight, priority, what became of their jobs since the start, and how long jobs took since the policy"
                    + " last changed."
        },
        footer = {"", "Example:", "  gbpf tenant list"})
final class TenantListCommand extends DaemonVerb {
    TenantListCommand(Session session) {
        super(session);
    }

    @Override
    void run(DaemonLink link) {
        JsonNode tenants = link.call("tenant.list");
        if (session.json()) {
            session.printJson(tenants);
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(
                List.of("name", "weight", "priority", "queued", "running", "done", "failed", "rejected", "p50", "p99"));
        for (JsonNode tenant : tenants) {
            rows.add(List.of(
                    tenant.path("name").asString(),
                    number(tenant, "weight"),
                    number(tenant, "priority"),
                    number(tenant, "queued"),
                    number(tenant, "running"),
                    number(tenant, "retired"),
                    number(tenant, "failed"),
                    number(tenant, "rejected"),
                    StatusView.duration(tenant.path("medianNs").asLong()),
                    StatusView.duration(tenant.path("p99Ns").asLong())));
        }
        session.out().append(Text.table(rows, false, true, true, true, true, true, true, true, true, true));
    }

    private static String number(JsonNode tenant, String field) {
        return Text.grouped(tenant.path(field).asLong());
    }
}
