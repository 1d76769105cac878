package dev.gbpf.host.cli;

import picocli.CommandLine.Command;

/** {@code gbpf policy}: the commands about policies. */
@Command(
        name = "policy",
        addMethodSubcommands = false,
        description = "Shows the policies that come with gBPF.",
        commandListHeading = "%nCommands:%n")
final class PolicyCommand {}
