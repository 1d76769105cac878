package dev.gbpf.host.cli;

import dev.gbpf.host.library.PolicyLibrary;
import dev.gbpf.host.library.PolicyLibrary.LibraryPolicy;
import java.util.EnumSet;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** {@code gbpf policy show}: one policy of the library. */
@Command(
        name = "show",
        addMethodSubcommands = false,
        description = "Shows a policy of the library: what it does, when it is good and bad, and what each hook costs.",
        footer = {
            "",
            "Examples:",
            "  gbpf policy show fifo",
            "  gbpf policy show --source fifo > mine.gbpf        # to begin a policy of your own"
        })
final class PolicyShowCommand implements Verb {
    private final Session session;

    @Mixin
    final JsonOptions jsonOptions;

    @Parameters(paramLabel = "NAME", description = "The policy's name, as gbpf policy list has it.")
    String name = "";

    @Option(names = "--source", description = "Its source, and nothing else.")
    boolean source;

    PolicyShowCommand(Session session) {
        this.session = session;
        this.jsonOptions = new JsonOptions(session);
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(ExitCode.INPUT);
    }

    @Override
    public Integer call() {
        PolicyLibrary library = PolicyLibrary.ofClassPath();
        LibraryPolicy policy = library.policy(name).orElseThrow(() -> PolicyInput.unknown(library, name));
        if (source && !session.json()) {
            session.out().append(policy.source().text());
            return ExitCode.OK.number();
        }
        VerifiedPolicy verified = VerifiedPolicy.of(PolicyInput.compile(policy.source()));
        if (session.json()) {
            ObjectNode document = Session.object();
            PolicyListCommand.write(policy, verified, document);
            document.put("source", policy.source().text());
            session.printJson(document);
            return ExitCode.OK.number();
        }
        session.out()
                .append(policy.comment())
                .append("\n\ntag " + verified.tag() + "\n")
                .append(verified.table());
        return ExitCode.OK.number();
    }
}
