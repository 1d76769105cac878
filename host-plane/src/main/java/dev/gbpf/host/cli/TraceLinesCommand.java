package dev.gbpf.host.cli;

import dev.gbpf.host.plane.PolicyTrace;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** {@code gbpf trace lines}: what policies wrote. */
@Command(
        name = "lines",
        addMethodSubcommands = false,
        description = {
            "Prints the lines that policies wrote with trace_printk, the newest last, each with the time of the plane's clock in seconds."
                    + " The plane keeps the newest 256."
        },
        footer = {"", "Examples:", "  gbpf trace lines", "  gbpf trace lines --follow"})
final class TraceLinesCommand extends TraceVerb {
    TraceLinesCommand(Session session) {
        super(session);
    }

    @Override
    void run(DaemonLink link) {
        read(link, "trace.lines", "lines", "lines", PolicyTrace.CAPACITY);
    }

    @Override
    void showAll(Iterable<JsonNode> lines) {
        for (JsonNode line : lines) {
            session.out()
                    .append(time(line))
                    .append("  ")
                    .append(line.path("text").asString())
                    .append('\n');
        }
    }
}
