package dev.gbpf.host.cli;

import dev.gbpf.host.authority.SigningKey;
import dev.gbpf.object.ObjectFormatException;
import dev.gbpf.object.ObjectReader;
import dev.gbpf.object.SignedObject;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** {@code gbpf sign}: an object gets a signature. */
@Command(
        name = "sign",
        addMethodSubcommands = false,
        description = {
            "Puts a signature behind a compiled policy, in place of one that it had. A daemon whose configuration names the public"
                    + " key takes it; all other commands read it as before."
        },
        footer = {"", "Example:", "  gbpf sign --key ops.key fair.gbo -o fair.signed.gbo"})
final class SignCommand implements Verb {
    private static final String SUFFIX = ".gbo";

    private final Session session;

    @Mixin
    final JsonOptions jsonOptions;

    @Option(names = "--key", paramLabel = "FILE", required = true, description = "The private key: gbpf key generate.")
    String key = "";

    @Parameters(paramLabel = "OBJECT", description = "A compiled policy.")
    String file = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "OUT",
            description = "The signed object, or - for standard output. Default: OBJECT's name with .signed.gbo.")
    @Nullable
    String output;

    SignCommand(Session session) {
        this.session = session;
        this.jsonOptions = new JsonOptions(session);
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(ExitCode.INPUT, ExitCode.OUTPUT);
    }

    @Override
    public Integer call() {
        String target = output;
        if (target == null) {
            String stem = file.endsWith(SUFFIX) ? file.substring(0, file.length() - SUFFIX.length()) : file;
            target = stem + ".signed" + SUFFIX;
        }
        OutputFile signed = OutputFile.of(session.console(), target, file, key);
        SigningKey signing = KeyFile.signing(session.console(), key);
        InputFile input = InputFile.read(session.console(), file, "compiled policy");
        try {
            SignedObject object = SignedObject.read(input.bytes());
            ObjectReader.read(object.object());
            signed.write(signing.sign(object));
        } catch (ObjectFormatException e) {
            throw new DiagnosticException(
                    ExitCode.INPUT,
                    input.name() + " is not a usable policy object",
                    List.of(e.toDiagnostic(input.name())),
                    null);
        }
        String id = signing.verifying().id();
        if (session.json() && !signed.isStdout()) {
            ObjectNode document = Session.object();
            document.put("object", signed.name());
            document.put("key", id);
            session.printJson(document);
        } else if (!signed.isStdout()) {
            session.out().append(signed.name() + ": signed with key " + id.substring(0, 16) + "\n");
        }
        return ExitCode.OK.number();
    }
}
