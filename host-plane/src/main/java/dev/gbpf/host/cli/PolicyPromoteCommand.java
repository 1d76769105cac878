package dev.gbpf.host.cli;

import picocli.CommandLine.Command;

/** {@code gbpf policy promote}: the policy on trial decides. */
@Command(
        name = "promote",
        addMethodSubcommands = false,
        description =
                "Ends the trial that is under way: its policy decides about all jobs, with its queues and maps as they are.",
        footer = {"", "Example:", "  gbpf policy promote"})
final class PolicyPromoteCommand extends TrialEndCommand {
    PolicyPromoteCommand(Session session) {
        super(session, "policy.promote");
    }
}
