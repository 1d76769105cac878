package dev.gbpf.host.cli;

import picocli.CommandLine.Command;

/** {@code gbpf policy drop}: the policy on trial goes. */
@Command(
        name = "drop",
        addMethodSubcommands = false,
        description = "Ends the trial that is under way: its policy goes, and what decided before it decides on.",
        footer = {"", "Example:", "  gbpf policy drop"})
final class PolicyDropCommand extends TrialEndCommand {
    PolicyDropCommand(Session session) {
        super(session, "policy.drop");
    }
}
