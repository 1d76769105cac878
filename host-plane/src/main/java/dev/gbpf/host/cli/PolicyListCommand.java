package dev.gbpf.host.cli;

import dev.gbpf.host.library.PolicyLibrary;
import dev.gbpf.host.library.PolicyLibrary.LibraryPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code gbpf policy list}: the policy library, each policy compiled and verified on the spot. */
@Command(
        name = "list",
        addMethodSubcommands = false,
        description =
                "Lists the policy library: name, tag, worst-case cost of the dearest hook, and what each policy does.",
        footer = {"", "Example:", "  gbpf policy list"})
final class PolicyListCommand implements Verb {
    private final Session session;

    @Mixin
    final JsonOptions jsonOptions;

    PolicyListCommand(Session session) {
        this.session = session;
        this.jsonOptions = new JsonOptions(session);
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return Set.of();
    }

    @Override
    public Integer call() {
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
        return ExitCode.OK.number();
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
