package dev.gbpf.host.cli;

import picocli.CommandLine.Command;

/** {@code gbpf policy}: the commands about policies. */
@Command(
        name = "policy",
        addMethodSubcommands = false,
        description = "Shows the policies that come with gBPF, and what engines make of a policy.",
        commandListHeading = "%nCommands:%n")
final class PolicyCommand {}
