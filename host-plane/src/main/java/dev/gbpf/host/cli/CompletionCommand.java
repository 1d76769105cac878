package dev.gbpf.host.cli;

import java.util.Set;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code gbpf completion}: the shell's completion script. */
@Command(
        name = "completion",
        addMethodSubcommands = false,
        description = "Prints a script that completes commands, options and their values in bash and zsh.",
        footer = {
            "",
            "Example:",
            "  source <(gbpf completion)        # in this shell; put the line in ~/.bashrc to keep it"
        })
final class CompletionCommand implements Verb {
    private final Session session;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    CompletionCommand(Session session) {
        this.session = session;
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return Set.of();
    }

    @Override
    public Integer call() {
        session.out().append(AutoComplete.bash("gbpf", spec.root().commandLine()));
        return ExitCode.OK.number();
    }
}
