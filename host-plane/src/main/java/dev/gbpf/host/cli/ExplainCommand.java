package dev.gbpf.host.cli;

import dev.gbpf.diagnostic.Suggestion;
import dev.gbpf.host.cli.Explanations.Explanation;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code gbpf explain}: what a message's code means. */
@Command(
        name = "explain",
        addMethodSubcommands = false,
        description = "Explains the code of a message, such as V0060; without a code, lists them all.",
        footer = {"", "Example:", "  gbpf explain V0060"})
final class ExplainCommand implements Verb {
    private final Session session;
    private final Explanations explanations = new Explanations();

    @Mixin
    final JsonOptions jsonOptions;

    @Parameters(paramLabel = "CODE", arity = "0..1", description = "A letter and four digits, from a message.")
    @Nullable
    String code;

    ExplainCommand(Session session) {
        this.session = session;
        this.jsonOptions = new JsonOptions(session);
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return Set.of();
    }

    @Override
    public Integer call() {
        if (code == null) {
            list();
        } else {
            explain(code);
        }
        return ExitCode.OK.number();
    }

    private void list() {
        ArrayNode array = Session.array();
        StringBuilder text = new StringBuilder();
        for (Explanation explanation : explanations.all()) {
            write(explanation, array.addObject());
            text.append(explanation.code())
                    .append("  ")
                    .append(explanation.title())
                    .append('\n');
        }
        if (session.json()) {
            session.printJson(array);
        } else {
            session.out().append(text);
        }
    }

    private void explain(String word) {
        Explanation explanation = explanations
                .of(word)
                .orElseThrow(() -> new CliException(
                        ExitCode.USAGE,
                        "there is no code " + word,
                        Suggestion.closest(word, explanations.codes())
                                .map(c -> "did you mean " + c + "? gbpf explain lists all")
                                .orElse("gbpf explain lists all")));
        if (session.json()) {
            ObjectNode document = Session.object();
            write(explanation, document);
            session.printJson(document);
            return;
        }
        session.out().append(explanation.code() + ": " + explanation.title() + "\n\n" + explanation.text() + "\n");
        if (!explanation.help().isEmpty()) {
            session.out().append("\nhelp: " + explanation.help() + "\n");
        }
        if (!explanation.examples().isEmpty()) {
            session.out().append("\n" + explanation.examples());
        }
    }

    private static void write(Explanation explanation, ObjectNode node) {
        node.put("code", explanation.code());
        node.put("title", explanation.title());
        node.put("text", explanation.text());
        node.put("help", explanation.help());
        node.put("examples", explanation.examples());
    }
}
