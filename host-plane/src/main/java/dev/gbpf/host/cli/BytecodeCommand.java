package dev.gbpf.host.cli;

import picocli.CommandLine.Command;

/** {@code gbpf bytecode}: the commands about raw programs. */
@Command(
        name = "bytecode",
        addMethodSubcommands = false,
        description =
                "Verifies and runs raw eBPF programs, outside of policies: for conformance suites, fuzzers and studies.",
        commandListHeading = "%nCommands:%n")
final class BytecodeCommand {}
