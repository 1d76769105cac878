package dev.gbpf.host.cli;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.lang.format.FormatResult;
import dev.gbpf.lang.format.PolicyFormatter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code gbpf fmt}: sources in the one layout. */
@Command(
        name = "fmt",
        addMethodSubcommands = false,
        description = {
            "Lays policies out in the one style, in place. Only blanks and line ends change: the compiled policy, and all"
                    + " comments, stay the same. A file with syntax errors is left alone."
        },
        footer = {"", "Examples:", "  gbpf fmt", "  gbpf fmt --check policies/", "  gbpf fmt - < fair.gbpf"})
final class FmtCommand implements Verb {
    private final Session session;

    @Mixin
    final JsonOptions jsonOptions;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..*",
            description =
                    "Sources, folders to search for them, or - for standard input, whose layout goes to standard output."
                            + " Default: every .gbpf file under the current folder.")
    List<String> files = new ArrayList<>();

    @Option(names = "--check", description = "Change nothing; name the files that would change, and end with 11.")
    boolean check;

    FmtCommand(Session session) {
        this.session = session;
        this.jsonOptions = new JsonOptions(session);
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(ExitCode.INPUT, ExitCode.COMPILE, ExitCode.OUTPUT, ExitCode.LAYOUT);
    }

    /** What became of a file. */
    private enum Outcome {
        UNCHANGED("unchanged"),
        CHANGED("changed"),
        REFUSED("refused");

        private final String word;

        Outcome(String word) {
            this.word = word;
        }
    }

    @Override
    public Integer call() {
        if (files.contains("-") && session.json() && !check) {
            throw new CliException(
                    ExitCode.USAGE, "- and --json both want standard output", "add --check, or name a file");
        }
        ArrayNode document = Session.array();
        EnumSet<Outcome> outcomes = EnumSet.noneOf(Outcome.class);
        List<String> found = PolicyFiles.find(session.console(), files);
        // One wrong name and nothing is changed.
        found.forEach(FmtCommand::requirePolicy);
        for (String file : found) {
            outcomes.add(format(file, document.addObject()));
        }
        ExitCode ending = outcomes.contains(Outcome.REFUSED)
                ? ExitCode.COMPILE
                : check && outcomes.contains(Outcome.CHANGED) ? ExitCode.LAYOUT : ExitCode.OK;
        if (session.json()) {
            ObjectNode whole = Session.object();
            whole.put("result", outcomes.contains(Outcome.REFUSED) ? "refused" : check ? "checked" : "formatted");
            whole.set("files", document);
            session.printJson(whole);
        }
        return ending.number();
    }

    private static void requirePolicy(String file) {
        if (PolicyInput.isAssembly(file) || CCompiler.isSource(file)) {
            throw new CliException(
                    ExitCode.USAGE,
                    file + " is not in the policy language",
                    CCompiler.isSource(file)
                            ? "gbpf fmt lays out .gbpf files; use clang-format for C"
                            : "gbpf fmt lays out .gbpf files; gbpf asm and then gbpf disasm --plain lay out assembly");
        }
    }

    private Outcome format(String file, ObjectNode node) {
        SourceFile source = InputFile.read(session.console(), file, "policy").text();
        node.put("file", source.name());
        return switch (PolicyFormatter.format(source)) {
            case FormatResult.Refused(List<Diagnostic> diagnostics) -> {
                node.put("result", Outcome.REFUSED.word);
                DiagnosticJson.write(diagnostics, node.putArray("diagnostics"));
                if (!session.json()) {
                    session.printDiagnostics(diagnostics, source);
                }
                yield Outcome.REFUSED;
            }
            case FormatResult.Formatted layout -> {
                Outcome outcome = layout.isUnchanged() ? Outcome.UNCHANGED : Outcome.CHANGED;
                node.put("result", outcome.word);
                finish(file, source, layout, outcome);
                yield outcome;
            }
        };
    }

    private void finish(String file, SourceFile source, FormatResult.Formatted layout, Outcome outcome) {
        boolean changed = outcome == Outcome.CHANGED;
        if (!check && (changed || file.equals("-"))) {
            OutputFile.of(session.console(), file).write(layout::print);
        }
        if (changed && !session.json() && (check || !file.equals("-"))) {
            session.out().append(source.name() + (check ? " would change\n" : " changed\n"));
        }
    }
}
