package dev.gbpf.host.cli;

import dev.gbpf.host.control.Protocol;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** {@code gbpf top}: how the plane stands, again and again. */
@Command(
        name = "top",
        addMethodSubcommands = false,
        description = {
            "Prints a line a second of how the daemon's plane stands: the policy, queues, a trial, and for each tenant the jobs that"
                    + " it got done and how long they took since the policy last changed."
        },
        footer = {"", "Example:", "  gbpf top"})
final class TopCommand extends DaemonVerb {
    private static final int MOST = 1_000_000_000;

    @Option(
            names = {"-n", "--count"},
            paramLabel = "N",
            description = "End after so many lines.")
    int count = MOST;

    @Option(names = "--interval", paramLabel = "MS", description = "Between two lines, 50 to 60,000 ms. Default: 1000.")
    int interval = 1000;

    TopCommand(Session session) {
        super(session);
    }

    @Override
    void run(DaemonLink link) {
        CliException.requireRange("--count", count, 1, MOST);
        CliException.requireRange(
                "--interval", interval, Protocol.LEAST_WATCH_INTERVAL_MS, Protocol.MOST_WATCH_INTERVAL_MS);
        StatusView view = new StatusView(session);
        ObjectNode parameters = DaemonLink.parameters();
        parameters.put("count", count);
        parameters.put("intervalMs", interval);
        link.call("status.watch", parameters, view::show);
    }
}
