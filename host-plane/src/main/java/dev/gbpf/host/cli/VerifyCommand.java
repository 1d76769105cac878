package dev.gbpf.host.cli;

import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.object.ObjectHash;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import dev.gbpf.verifier.Certificate;
import dev.gbpf.verifier.VerificationResult;
import dev.gbpf.verifier.VerificationResult.Accepted;
import dev.gbpf.verifier.VerificationResult.Rejected;
import dev.gbpf.verifier.Verifier;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code gbpf verify}: is a policy safe, and what does it cost at most? */
@Command(
        name = "verify",
        description = {
            "Proves a policy safe: it ends, it touches nothing that it should not, its verdicts are in range, and its cost fits"
                    + " the budget of each hook. Prints the worst-case cost of each hook, or why there is no proof."
        },
        footer = {"", "Example:", "  gbpf verify fair.gbpf"})
final class VerifyCommand implements Verb {
    private final Session session;

    @Mixin
    final JsonOptions jsonOptions;

    @Parameters(paramLabel = "FILE", description = "A source or an object file, or - for standard input.")
    String file = "";

    VerifyCommand(Session session) {
        this.session = session;
        this.jsonOptions = new JsonOptions(session);
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(ExitCode.INPUT, ExitCode.COMPILE, ExitCode.REJECTED);
    }

    @Override
    public Integer call() {
        PolicyInput policy = PolicyInput.read(session.console(), file);
        VerificationResult result = new Verifier().verify(policy.object());
        return switch (result) {
            case Accepted accepted -> {
                accepted(policy, accepted);
                yield ExitCode.OK.number();
            }
            case Rejected rejected ->
                throw new DiagnosticException(
                        ExitCode.REJECTED,
                        "the verifier rejects " + policy.name(),
                        Stream.concat(rejected.diagnostics().stream(), policy.warnings().stream())
                                .toList(),
                        policy.object().source());
        };
    }

    private void accepted(PolicyInput policy, Accepted accepted) {
        if (session.json()) {
            session.printJson(document(policy, accepted));
            return;
        }
        List<Diagnostic> warnings = policy.warnings();
        session.printDiagnostics(warnings, policy.object().source());
        session.out()
                .append(policy.name() + ": accepted, tag "
                        + ObjectHash.of(policy.object()).tag() + "\n")
                .append(table(policy.object(), accepted));
    }

    private static String table(PolicyObject object, Accepted accepted) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("  hook", "size", "worst case", "budget", "helper calls"));
        for (int i = 0; i < accepted.certificates().size(); i++) {
            Certificate certificate = accepted.certificates().get(i);
            ProgramObject program = object.programs().get(i);
            rows.add(List.of(
                    "  " + program.hook().symbol(),
                    Text.grouped(program.program().size()),
                    Text.grouped(certificate.worstCaseInstructions()),
                    Text.grouped(program.hook().budget()),
                    Text.grouped(certificate.worstCaseHelperCalls())));
        }
        return Text.table(rows, false, true, true, true, true);
    }

    private static ObjectNode document(PolicyInput policy, Accepted accepted) {
        PolicyObject object = policy.object();
        ObjectNode document = Session.object();
        document.put("result", "accepted");
        document.put("policy", object.name());
        document.put("tag", ObjectHash.of(object).tag());
        document.put("abi", object.abi().toString());
        writePrograms(object, accepted, document.putArray("programs"));
        DiagnosticJson.write(policy.warnings(), document.putArray("diagnostics"));
        return document;
    }

    /** The certificates of all programs. */
    static void writePrograms(PolicyObject object, Accepted accepted, ArrayNode programs) {
        for (int i = 0; i < accepted.certificates().size(); i++) {
            Certificate certificate = accepted.certificates().get(i);
            ProgramObject program = object.programs().get(i);
            Hook hook = program.hook();
            ObjectNode node = programs.addObject();
            node.put("hook", hook.symbol());
            node.put("instructions", program.program().size());
            node.put("worstCaseInstructions", certificate.worstCaseInstructions());
            node.put("budget", hook.budget());
            node.put("worstCaseHelperCalls", certificate.worstCaseHelperCalls());
            ArrayNode loops = node.putArray("loops");
            for (Certificate.LoopCertificate loop : certificate.loops()) {
                ObjectNode entry = loops.addObject();
                entry.put("pc", loop.pc());
                program.lineAt(loop.pc()).ifPresent(line -> entry.put("line", line.line()));
                entry.put("maxIterations", loop.maxIterations());
                entry.put("counter", loop.counter());
            }
        }
    }
}
