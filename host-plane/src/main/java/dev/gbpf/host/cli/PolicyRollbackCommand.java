package dev.gbpf.host.cli;

import picocli.CommandLine.Command;

/** {@code gbpf policy rollback}: back to what decided before. */
@Command(
        name = "rollback",
        addMethodSubcommands = false,
        description = "Goes back to what decided before the last change: a policy, or bypass.",
        footer = {"", "Example:", "  gbpf policy rollback"})
final class PolicyRollbackCommand extends DaemonVerb {
    PolicyRollbackCommand(Session session) {
        super(session);
    }

    @Override
    void run(DaemonLink link) {
        PolicySwapCommand.print(session, link.call("policy.rollback"));
    }
}
