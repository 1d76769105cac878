package dev.gbpf.host.cli;

import picocli.CommandLine.Command;

/** {@code gbpf hook}: the commands about hooks. */
@Command(
        name = "hook",
        addMethodSubcommands = false,
        description = "Shows the points where a policy is asked.",
        commandListHeading = "%nCommands:%n")
final class HookCommand {}
