package dev.gbpf.host.cli;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** {@code gbpf policy load}: policies become known to the daemon. */
@Command(
        name = "load",
        addMethodSubcommands = false,
        description = {
            "Verifies policies and loads them into the daemon. They do not decide yet: see gbpf policy swap. Loading one that"
                    + " behaves as one that is loaded changes nothing."
        },
        footer = {"", "Example:", "  gbpf policy load fair.gbpf"})
final class PolicyLoadCommand implements Verb {
    private final Session session;

    @Mixin
    final JsonOptions jsonOptions;

    @Mixin
    final DaemonOption daemon = new DaemonOption();

    @Parameters(
            paramLabel = "POLICY",
            arity = "1..*",
            description = "A source or a compiled file, or a policy of the library.")
    List<String> policies = List.of();

    PolicyLoadCommand(Session session) {
        this.session = session;
        this.jsonOptions = new JsonOptions(session);
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(
                ExitCode.INPUT,
                ExitCode.COMPILE,
                ExitCode.REJECTED,
                ExitCode.NO_DAEMON,
                ExitCode.DENIED,
                ExitCode.REFUSED);
    }

    @Override
    public Integer call() {
        ArrayNode loaded = Session.array();
        try (DaemonLink link = DaemonLink.connect(session, daemon)) {
            PolicyUpload upload = new PolicyUpload(session, link);
            for (String policy : policies) {
                JsonNode result = upload.load(policy);
                loaded.add(result);
                if (!session.json()) {
                    session.out()
                            .append(result.path("name").asString() + ": id "
                                    + result.path("id").asLong() + ", tag "
                                    + result.path("tag").asString()
                                    + (result.path("new").asBoolean() ? "\n" : ", was loaded already\n"));
                }
            }
        }
        if (session.json()) {
            session.printJson(loaded);
        }
        return ExitCode.OK.number();
    }
}
