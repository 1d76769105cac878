package dev.gbpf.host.cli;

import dev.gbpf.host.observe.Observation;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code gbpf trace decisions}: the flight recorder, or the decision trace. */
@Command(
        name = "decisions",
        addMethodSubcommands = false,
        description = {
            "Prints decisions of the daemon's plane, the newest last: when, by the plane's clock in seconds; the hook that was asked; the"
                    + " job and its tenant; the verdict; how long it took, where it was timed; and the number of the side that was asked,"
                    + " which is another for each activation and each trial.",
            "The flight recorder keeps the newest 4,096 decisions always. The decision trace has one of some, as the policy says with"
                    + " the map OBS_CTRL (docs/hooks.md), and reaches farther back."
        },
        footer = {"", "Examples:", "  gbpf trace decisions -n 20", "  gbpf --json trace decisions --sampled --follow"})
final class TraceDecisionsCommand extends TraceVerb {
    @Option(names = "--sampled", description = "The decision trace in place of the flight recorder.")
    boolean sampled;

    TraceDecisionsCommand(Session session) {
        super(session);
    }

    @Override
    void run(DaemonLink link) {
        read(link, "trace.decisions", sampled ? "sampled" : "flight", "decisions", Observation.FLIGHT_RECORDS);
    }

    @Override
    void showAll(Iterable<JsonNode> decisions) {
        List<List<String>> rows = new ArrayList<>();
        if (!follow) {
            rows.add(List.of("at", "hook", "tenant", "job", "verdict", "took", "side"));
        }
        for (JsonNode decision : decisions) {
            rows.add(List.of(
                    time(decision),
                    decision.path("hook").asString(),
                    decision.has("tenant") ? decision.path("tenant").asString() : "-",
                    decision.has("job") ? Long.toString(decision.path("job").asLong()) : "-",
                    decision.has("means")
                            ? decision.path("means").asString()
                            : Long.toString(decision.path("verdict").asLong()),
                    decision.has("tookNs") ? decision.path("tookNs").asLong() + " ns" : "-",
                    Long.toString(decision.path("side").asLong())));
        }
        session.out().append(Text.table(rows, true, false, false, true, false, true, true));
    }
}
