package dev.gbpf.host.cli;

import dev.gbpf.host.library.PolicyLibrary;
import dev.gbpf.host.library.PolicyLibrary.LibraryPolicy;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code gbpf policy list}: what the daemon has loaded; without a daemon the policy library, each policy compiled and verified on
 * the spot.
 */
@Command(
        name = "list",
        addMethodSubcommands = false,
        description = {
            "Lists the policies that the daemon has loaded: name, id, tag, whether it decides, worst-case cost of the dearest hook."
                    + " Without a daemon, or with --library, the policy library and what each policy does."
        },
        footer = {"", "Examples:", "  gbpf policy list", "  gbpf policy list --stored", "  gbpf policy list --library"})
final class PolicyListCommand implements Verb {
    private final Session session;

    @Mixin
    final JsonOptions jsonOptions;

    @Mixin
    final DaemonOption daemon = new DaemonOption();

    @Option(names = "--library", description = "The policy library, whether there is a daemon or not.")
    boolean library;

    @Option(names = "--stored", description = "The policies in the daemon's records, loaded or not.")
    boolean stored;

    PolicyListCommand(Session session) {
        this.session = session;
        this.jsonOptions = new JsonOptions(session);
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(ExitCode.NO_DAEMON, ExitCode.DENIED);
    }

    @Override
    public Integer call() {
        if (stored) {
            try (DaemonLink link = DaemonLink.connect(session, daemon)) {
                printStored(link.call("policy.stored"));
            }
            return ExitCode.OK.number();
        }
        Optional<DaemonLink> found = library ? Optional.empty() : DaemonLink.find(session, daemon);
        if (found.isPresent()) {
            try (DaemonLink link = found.get()) {
                printLoaded(link.call("policy.list"));
            }
        } else {
            if (!library && !session.json()) {
                session.err().println("gbpf: no daemon at " + daemon.path(session.console()) + "; the policy library:");
            }
            printLibrary();
        }
        return ExitCode.OK.number();
    }

    private void printLoaded(JsonNode policies) {
        if (session.json()) {
            session.printJson(policies);
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("id", "name", "tag", "decides", "worst case", "loaded by"));
        for (JsonNode policy : policies) {
            rows.add(List.of(
                    Long.toString(policy.path("id").asLong()),
                    policy.path("name").asString(),
                    policy.path("tag").asString(),
                    policy.path("active").asBoolean() ? "yes" : "",
                    Text.grouped(policy.path("worstCaseInstructions").asLong()),
                    policy.path("loadedBy").asString()));
        }
        session.out().append(Text.table(rows, true, false, false, false, true, false));
    }

    private void printStored(JsonNode policies) {
        if (session.json()) {
            session.printJson(policies);
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("name", "tag", "bytes", "stored"));
        for (JsonNode policy : policies) {
            rows.add(List.of(
                    policy.path("name").asString(),
                    policy.path("tag").asString(),
                    Text.grouped(policy.path("bytes").asLong()),
                    policy.path("storedAt").asString()));
        }
        session.out().append(Text.table(rows, false, false, true, false));
    }

    private void printLibrary() {
        ArrayNode list = Session.array();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("name", "tag", "worst case", "what it does"));
        for (LibraryPolicy policy : PolicyLibrary.ofClassPath().policies()) {
            VerifiedPolicy verified = VerifiedPolicy.of(PolicyInput.compile(policy.source()));
            write(policy, verified, list.addObject());
            rows.add(List.of(policy.name(), verified.tag(), Text.grouped(verified.worstCase()), policy.description()));
        }
        if (session.json()) {
            session.printJson(list);
        } else {
            session.out().append(Text.table(rows, false, false, true, false));
        }
    }

    /** What is known about a policy of the library. */
    static void write(LibraryPolicy policy, VerifiedPolicy verified, ObjectNode node) {
        node.put("name", policy.name());
        node.put("description", policy.description());
        node.put("tag", verified.tag());
        node.put("abi", verified.object().abi().toString());
        ArrayNode hooks = node.putArray("hooks");
        verified.hooks().forEach(hook -> hooks.add(hook.symbol()));
        node.put("worstCaseInstructions", verified.worstCase());
        verified.write(node.putArray("programs"));
    }
}
