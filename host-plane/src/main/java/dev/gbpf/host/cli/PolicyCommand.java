package dev.gbpf.host.cli;

import picocli.CommandLine.Command;

/** {@code gbpf policy}: the commands about policies. */
@Command(
        name = "policy",
        addMethodSubcommands = false,
        description = "Shows policies, and says which of them decides in the daemon.",
        commandListHeading = "%nCommands:%n")
final class PolicyCommand {}
