package dev.gbpf.host.cli;

import dev.gbpf.host.lsp.LanguageServerProcess;
import dev.gbpf.host.lsp.LanguageServerProcess.Ending;
import java.util.EnumSet;
import java.util.Set;
import picocli.CommandLine.Command;

/** {@code gbpf lsp}: the language server that editors start. */
@Command(
        name = "lsp",
        addMethodSubcommands = false,
        description = {
            "Serves editors: diagnostics of the compiler and the verifier while you type, hover, completion, definitions, renaming and"
                    + " the layout of gbpf fmt. Speaks the language server protocol on standard input and output; editors start"
                    + " it, see docs/editors.md. Ends with 0 after shutdown and exit, and with 1 when exit comes without shutdown, as"
                    + " the protocol wants it."
        },
        footer = {"", "Example:", "  gbpf lsp"})
final class LspCommand implements Verb {
    /** What the protocol wants after an exit without shutdown. */
    private static final int NOT_SHUT_DOWN = 1;

    private final Session session;

    LspCommand(Session session) {
        this.session = session;
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(ExitCode.OUTPUT, ExitCode.PROTOCOL);
    }

    @Override
    public Integer call() {
        LanguageServerProcess process =
                new LanguageServerProcess(session.console().in(), session.out(), session.err());
        return switch (process.run()) {
            case Ending.ShutDown _ -> ExitCode.OK.number();
            case Ending.NotShutDown _ -> NOT_SHUT_DOWN;
            case Ending.Broken(String reason) ->
                throw new CliException(
                        ExitCode.PROTOCOL,
                        "the input is not the language server protocol: " + reason,
                        "gbpf lsp is started by editors; see docs/editors.md");
        };
    }
}
