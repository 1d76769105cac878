package dev.gbpf.host.cli;

import dev.gbpf.host.library.PolicyLibrary;
import dev.gbpf.host.library.PolicyLibrary.LibraryPolicy;
import dev.gbpf.object.ObjectHash;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.verifier.Certificate;
import dev.gbpf.verifier.VerificationResult.Accepted;
import dev.gbpf.verifier.VerificationResult.Rejected;
import dev.gbpf.verifier.Verifier;
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
        description =
                "Lists the policy library: name, tag, worst-case cost of the dearest hook, and what each policy does.",
        footer = {"", "Example:", "  gbpf policy list --json"})
final class PolicyListCommand implements Verb {
    private final Session session;

    @Mixin
    final JsonOptions jsonOptions;

    PolicyListCommand(Session session) {
        this.session = session;
        this.jsonOptions = new JsonOptions(session);
    }

    /** A policy that was found safe. */
    private record Entry(LibraryPolicy policy, PolicyObject object, Accepted accepted) {
        long worstCase() {
            return accepted.certificates().stream()
                    .mapToLong(Certificate::worstCaseInstructions)
                    .max()
                    .orElse(0);
        }

        String tag() {
            return ObjectHash.of(object).tag();
        }

        List<String> hooks() {
            return object.programs().stream().map(p -> p.hook().symbol()).toList();
        }
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return Set.of();
    }

    @Override
    public Integer call() {
        List<Entry> entries = PolicyLibrary.ofClassPath().policies().stream()
                .map(PolicyListCommand::entry)
                .toList();
        if (session.json()) {
            ArrayNode list = Session.array();
            entries.forEach(e -> write(e, list.addObject()));
            session.printJson(list);
            return ExitCode.OK.number();
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("name", "tag", "worst case", "what it does"));
        entries.forEach(e -> rows.add(List.of(
                e.policy().name(),
                e.tag(),
                Text.grouped(e.worstCase()),
                e.policy().description())));
        session.out().append(Text.table(rows, false, false, true, false));
        return ExitCode.OK.number();
    }

    private static Entry entry(LibraryPolicy policy) {
        PolicyObject object = PolicyInput.compile(policy.source()).object();
        return switch (new Verifier().verify(object)) {
            case Accepted accepted -> new Entry(policy, object, accepted);
            case Rejected rejected ->
                throw new DiagnosticException(
                        ExitCode.REJECTED,
                        "the verifier rejects " + policy.name() + " of the library",
                        rejected.diagnostics(),
                        policy.source());
        };
    }

    private static void write(Entry entry, ObjectNode node) {
        node.put("name", entry.policy().name());
        node.put("description", entry.policy().description());
        node.put("tag", entry.tag());
        node.put("abi", entry.object().abi().toString());
        ArrayNode hooks = node.putArray("hooks");
        entry.hooks().forEach(hooks::add);
        node.put("worstCaseInstructions", entry.worstCase());
        VerifyCommand.writePrograms(entry.object(), entry.accepted(), node.putArray("programs"));
    }
}
