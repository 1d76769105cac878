package dev.gbpf.host.cli;

import picocli.CommandLine.Command;

/** {@code gbpf bench}: the commands that measure. */
@Command(
        name = "bench",
        addMethodSubcommands = false,
        description = "Measures this machine.",
        commandListHeading = "%nCommands:%n")
final class BenchCommand {}
