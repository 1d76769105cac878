package dev.gbpf.host.cli;

import java.util.EnumSet;
import java.util.Set;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.node.ObjectNode;

/** Ends the trial that is under way. */
abstract sealed class TrialEndCommand implements Verb permits PolicyPromoteCommand, PolicyDropCommand {
    private final Session session;
    private final String method;

    @Mixin
    final JsonOptions jsonOptions;

    @Mixin
    final DaemonOption daemon = new DaemonOption();

    TrialEndCommand(Session session, String method) {
        this.session = session;
        this.method = method;
        this.jsonOptions = new JsonOptions(session);
    }

    @Override
    public final Set<ExitCode> exitCodes() {
        return EnumSet.of(ExitCode.NO_DAEMON, ExitCode.DENIED, ExitCode.REFUSED);
    }

    @Override
    public final Integer call() {
        ObjectNode parameters = DaemonLink.parameters();
        parameters.put("why", "a command");
        try (DaemonLink link = DaemonLink.connect(session, daemon)) {
            PolicySwapCommand.print(session, link.call(method, parameters));
        }
        return ExitCode.OK.number();
    }
}
