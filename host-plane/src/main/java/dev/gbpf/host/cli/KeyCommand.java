package dev.gbpf.host.cli;

import picocli.CommandLine.Command;

/** {@code gbpf key}: the commands about keys for signatures. */
@Command(
        name = "key",
        addMethodSubcommands = false,
        description = "Makes and shows keys that sign policies.",
        commandListHeading = "%nCommands:%n")
final class KeyCommand {}
