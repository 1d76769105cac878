package dev.gbpf.host.cli;

import picocli.CommandLine.Command;

/** {@code gbpf device}: the commands about devices. */
@Command(
        name = "device",
        addMethodSubcommands = false,
        description = "Shows devices: the daemon's, and the GPUs of this machine.",
        commandListHeading = "%nCommands:%n")
final class DeviceCommand {}
