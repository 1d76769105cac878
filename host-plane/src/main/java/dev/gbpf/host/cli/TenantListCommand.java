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
                    + " last changed. Then the processes that are attached, of a daemon for applications: what they launched, how"
                    + " often and how long calls were held, how many passed for want of a lease or after the longest hold, the"
                    + " timeslice that their channels have now, and device memory."
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
        processes(tenants);
    }

    private void processes(JsonNode tenants) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "process",
                "command",
                "tenant",
                "class",
                "launches",
                "held",
                "held for",
                "passed",
                "timeslice",
                "SMs",
                "memory"));
        for (JsonNode tenant : tenants) {
            for (JsonNode process : tenant.path("processes")) {
                long timeslice = process.path("timesliceUs").asLong();
                rows.add(List.of(
                        Long.toString(process.path("pid").asLong()),
                        process.path("command").asString(),
                        tenant.path("name").asString(),
                        process.path("class").asString(),
                        number(process, "launches"),
                        number(process, "held"),
                        StatusView.duration(process.path("heldNs").asLong()),
                        number(process, "failOpen"),
                        timeslice == 0 ? "driver's" : StatusView.duration(timeslice * 1_000),
                        process.path("sms").asString("all"),
                        Text.grouped(process.path("memoryBytes").asLong() >> 20) + " MiB"));
            }
        }
        if (rows.size() > 1) {
            session.out()
                    .append("\n")
                    .append(Text.table(rows, true, false, false, false, true, true, true, true, true, true, true));
        }
    }

    private static String number(JsonNode tenant, String field) {
        return Text.grouped(tenant.path(field).asLong());
    }
}
