package dev.gbpf.host.cli;

import dev.gbpf.reference.CHeader;
import java.util.EnumSet;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gbpf header}: gbpf.h, for policies in C. */
@Command(
        name = "header",
        addMethodSubcommands = false,
        description = {
            "Prints gbpf.h: the hooks, contexts, verdicts and helpers for policies in C. gbpf compile FILE.c finds it by itself."
        },
        footer = {"", "Example:", "  gbpf header > gbpf.h"})
final class HeaderCommand implements Verb {
    private final Session session;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "OUT",
            description = "Write it to this file. Default: standard output.")
    String output = "-";

    HeaderCommand(Session session) {
        this.session = session;
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(ExitCode.OUTPUT);
    }

    @Override
    public Integer call() {
        OutputFile.of(session.console(), output).write(CHeader.render());
        return ExitCode.OK.number();
    }
}
