package dev.gbpf.host.cli;

import java.util.EnumSet;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code gbpf policy rollback}: back to what decided before. */
@Command(
        name = "rollback",
        addMethodSubcommands = false,
        description = "Goes back to what decided before the last change: a policy, or bypass.",
        footer = {"", "Example:", "  gbpf policy rollback"})
final class PolicyRollbackCommand implements Verb {
    private final Session session;

    @Mixin
    final JsonOptions jsonOptions;

    @Mixin
    final DaemonOption daemon = new DaemonOption();

    PolicyRollbackCommand(Session session) {
        this.session = session;
        this.jsonOptions = new JsonOptions(session);
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(ExitCode.NO_DAEMON, ExitCode.DENIED, ExitCode.REFUSED);
    }

    @Override
    public Integer call() {
        try (DaemonLink link = DaemonLink.connect(session, daemon)) {
            PolicySwapCommand.print(session, link.call("policy.rollback"));
        }
        return ExitCode.OK.number();
    }
}
