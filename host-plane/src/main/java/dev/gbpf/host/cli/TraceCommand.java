package dev.gbpf.host.cli;

import picocli.CommandLine.Command;

/** {@code gbpf trace}: the commands that read the recorders of a daemon's plane. */
@Command(
        name = "trace",
        addMethodSubcommands = false,
        description = "Shows what the daemon's plane decided, and what its policies wrote.",
        commandListHeading = "%nCommands:%n")
final class TraceCommand {}
