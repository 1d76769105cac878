package dev.gbpf.host.cli;

import tools.jackson.databind.node.ObjectNode;

/** Ends the trial that is under way. */
abstract sealed class TrialEndCommand extends DaemonVerb permits PolicyPromoteCommand, PolicyDropCommand {
    private final String method;

    TrialEndCommand(Session session, String method) {
        super(session);
        this.method = method;
    }

    @Override
    final void run(DaemonLink link) {
        ObjectNode parameters = DaemonLink.parameters();
        parameters.put("why", "a command");
        PolicySwapCommand.print(session, link.call(method, parameters));
    }
}
