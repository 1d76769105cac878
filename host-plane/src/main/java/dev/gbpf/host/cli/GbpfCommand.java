package dev.gbpf.host.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command {@code gbpf} itself: what all commands share. */
@Command(
        name = "gbpf",
        addMethodSubcommands = false,
        versionProvider = Version.class,
        description = {
            "Writes, verifies, runs and hot-swaps the policies that decide which work a shared GPU runs next.",
            ""
        },
        commandListHeading = "%nCommands:%n",
        footer = {
            "",
            "Examples:",
            "  gbpf policy list",
            "  gbpf verify mypolicy.gbpf",
            "",
            "'gbpf COMMAND --help' tells more about a command; docs/ has the manual."
        })
final class GbpfCommand {
    private final Session session;

    @Mixin
    final JsonOptions jsonOptions;

    GbpfCommand(Session session) {
        this.session = session;
        this.jsonOptions = new JsonOptions(session);
    }

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            scope = ScopeType.INHERIT,
            converter = ColorMode.Converter.class,
            completionCandidates = ColorMode.Words.class,
            description = "Colours: auto (on a terminal, unless NO_COLOR is set), always or never.")
    void color(ColorMode mode) {
        session.color(mode);
    }

    @Option(
            names = "--stacktrace",
            scope = ScopeType.INHERIT,
            description = "With an error, show where in gBPF it arose.")
    void stacktrace(boolean on) {
        if (on) {
            session.useStacktrace();
        }
    }

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    boolean version;
}
