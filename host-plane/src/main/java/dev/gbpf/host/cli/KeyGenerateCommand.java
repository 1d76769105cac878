package dev.gbpf.host.cli;

import dev.gbpf.host.authority.SigningKey;
import java.util.EnumSet;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** {@code gbpf key generate}: a new key. */
@Command(
        name = "generate",
        addMethodSubcommands = false,
        description = {
            "Makes an Ed25519 key: the private half in FILE, which only you can read, the public half in FILE.pub, for the keys"
                    + " in a daemon's configuration. Both are PEM, as OpenSSL reads them."
        },
        footer = {"", "Example:", "  gbpf key generate ops.key"})
final class KeyGenerateCommand implements Verb {
    private static final String PUBLIC = ".pub";

    private final Session session;

    @Mixin
    final JsonOptions jsonOptions;

    @Parameters(paramLabel = "FILE", description = "The private key; must not be there yet.")
    String file = "";

    KeyGenerateCommand(Session session) {
        this.session = session;
        this.jsonOptions = new JsonOptions(session);
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(ExitCode.OUTPUT);
    }

    @Override
    public Integer call() {
        SigningKey key = SigningKey.generate();
        KeyFile.create(session.console(), file, key.pem(), true);
        KeyFile.create(session.console(), file + PUBLIC, key.verifying().pem(), false);
        if (session.json()) {
            ObjectNode document = Session.object();
            document.put("id", key.verifying().id());
            document.put("privateKey", file);
            document.put("publicKey", file + PUBLIC);
            session.printJson(document);
        } else {
            session.out()
                    .append(file + ", " + file + PUBLIC + ": key "
                            + key.verifying().id() + "\n");
        }
        return ExitCode.OK.number();
    }
}
