package dev.gbpf.host.cli;

import dev.gbpf.host.authority.VerifyingKey;
import java.util.EnumSet;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** {@code gbpf key show}: a key's id and its public half. */
@Command(
        name = "show",
        addMethodSubcommands = false,
        description = "Prints the id of a key and its public half, whichever half the file holds.",
        footer = {"", "Example:", "  gbpf key show ops.key.pub"})
final class KeyShowCommand implements Verb {
    private final Session session;

    @Mixin
    final JsonOptions jsonOptions;

    @Parameters(paramLabel = "FILE", description = "A private or a public key in PEM.")
    String file = "";

    KeyShowCommand(Session session) {
        this.session = session;
        this.jsonOptions = new JsonOptions(session);
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(ExitCode.INPUT);
    }

    @Override
    public Integer call() {
        VerifyingKey key = KeyFile.verifying(session.console(), file);
        if (session.json()) {
            ObjectNode document = Session.object();
            document.put("id", key.id());
            document.put("publicKey", key.pem());
            session.printJson(document);
        } else {
            session.out().append("id " + key.id() + "\n").append(key.pem());
        }
        return ExitCode.OK.number();
    }
}
