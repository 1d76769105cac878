package dev.gbpf.host.cli;

import picocli.CommandLine.Command;

/** {@code gbpf device}: the commands about devices. */
@Command(
        name = "device",
        addMethodSubcommands = false,
        description = "Shows the daemon's device.",
        commandListHeading = "%nCommands:%n")
final class DeviceCommand {}
