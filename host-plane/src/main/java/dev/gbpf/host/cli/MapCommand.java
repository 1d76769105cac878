package dev.gbpf.host.cli;

import picocli.CommandLine.Command;

/** {@code gbpf map}: the commands about the maps of policies in the daemon. */
@Command(
        name = "map",
        addMethodSubcommands = false,
        description = "Shows and changes the maps of the daemon's policies.",
        commandListHeading = "%nCommands:%n")
final class MapCommand {}
