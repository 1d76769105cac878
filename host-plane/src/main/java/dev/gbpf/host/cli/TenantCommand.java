package dev.gbpf.host.cli;

import picocli.CommandLine.Command;

/** {@code gbpf tenant}: the commands about tenants. */
@Command(
        name = "tenant",
        addMethodSubcommands = false,
        description = "Shows who shares the daemon's device.",
        commandListHeading = "%nCommands:%n")
final class TenantCommand {}
