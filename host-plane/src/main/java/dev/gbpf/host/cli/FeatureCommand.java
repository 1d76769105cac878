package dev.gbpf.host.cli;

import picocli.CommandLine.Command;

/** {@code gbpf feature}: what is there. */
@Command(
        name = "feature",
        addMethodSubcommands = false,
        description = "Says what this build and this machine can do.",
        commandListHeading = "%nCommands:%n")
final class FeatureCommand {}
