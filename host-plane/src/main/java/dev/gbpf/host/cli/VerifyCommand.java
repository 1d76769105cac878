package dev.gbpf.host.cli;

import dev.gbpf.host.image.DeviceHooks;
import dev.gbpf.host.report.ProofPage;
import dev.gbpf.verifier.VerificationResult;
import dev.gbpf.verifier.VerificationResult.Accepted;
import dev.gbpf.verifier.VerificationResult.Rejected;
import dev.gbpf.verifier.Verifier;
import dev.gbpf.verifier.VerifierOptions;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** {@code gbpf verify}: is a policy safe, and what does it cost at most? */
@Command(
        name = "verify",
        addMethodSubcommands = false,
        description = {
            "Proves a policy safe: it ends, it touches nothing that it should not, its verdicts are in range, and its cost fits"
                    + " the budget of each hook. Prints the worst-case cost of each hook, or why there is no proof."
        },
        footer = {"", "Example:", "  gbpf verify fair.gbpf"})
final class VerifyCommand implements Verb {
    private final Session session;

    @Mixin
    final JsonOptions jsonOptions;

    @Mixin
    final LimitOptions limits = new LimitOptions();

    @Parameters(paramLabel = "FILE", description = "A source or an object file, or - for standard input.")
    String file = "";

    @Option(
            names = "--trace",
            description = "Also show what is known before each instruction, whether the policy is accepted or not.")
    boolean trace;

    @Option(
            names = "--explain",
            description =
                    "Also show the source with what was found at each line: its cost, how often loops go round, and what the"
                            + " values can be that it defines or narrows.")
    boolean explain;

    @Option(
            names = "--html",
            paramLabel = "OUT",
            description =
                    "Also write the graph of each program, with what is known before each block, as a page to look at in a"
                            + " browser.")
    @Nullable
    String html;

    VerifyCommand(Session session) {
        this.session = session;
        this.jsonOptions = new JsonOptions(session);
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(ExitCode.INPUT, ExitCode.COMPILE, ExitCode.REJECTED, ExitCode.OUTPUT);
    }

    @Override
    public Integer call() {
        OutputFile page = html == null ? null : OutputFile.of(session.console(), html, file);
        PolicyInput input = PolicyInput.read(session.console(), file);
        boolean keep = trace || explain || page != null;
        VerifierOptions options = keep ? limits.options().keepingStates() : limits.options();
        VerificationResult result = new Verifier(options).verify(input.object());
        if (page != null) {
            page.write(ProofPage.write(input.object(), result));
        }
        return session.json() ? json(input, result) : text(input, result);
    }

    private int text(PolicyInput input, VerificationResult result) {
        if (trace) {
            session.out()
                    .append(new VerifierTrace(input.object(), result.analyses()).text())
                    .append("\n");
        }
        if (explain) {
            session.out().append(new ExplainedSource(input.object(), result, session.colorOut()).text());
        }
        VerifiedPolicy policy = VerifiedPolicy.of(input, result);
        session.printDiagnostics(policy.input().warnings(), policy.object().source());
        session.out()
                .append(policy.input().name() + ": accepted, tag " + policy.tag() + "\n")
                .append(policy.table());
        DeviceHooks.note(policy.object()).ifPresent(note -> session.out().append("note: " + note + "\n"));
        return ExitCode.OK.number();
    }

    private int json(PolicyInput input, VerificationResult result) {
        ObjectNode document = switch (result) {
            case Accepted accepted -> accepted(new VerifiedPolicy(input, accepted.certificates(), accepted.effort()));
            case Rejected rejected -> rejected(input, rejected);
        };
        if (trace) {
            new VerifierTrace(input.object(), result.analyses()).write(document.putArray("trace"));
        }
        if (explain) {
            new ExplainedSource(input.object(), result, false).write(document.putArray("source"));
        }
        session.printJson(document);
        return (result.isAccepted() ? ExitCode.OK : ExitCode.REJECTED).number();
    }

    private static ObjectNode accepted(VerifiedPolicy policy) {
        ObjectNode document = Session.object();
        document.put("result", "accepted");
        document.put("policy", policy.object().name());
        document.put("tag", policy.tag());
        document.put("abi", policy.object().abi().toString());
        policy.write(document.putArray("programs"));
        ObjectNode effort = document.putObject("effort");
        effort.put("steps", policy.effort().steps());
        effort.put("memoryBytes", policy.effort().memoryBytes());
        DiagnosticJson.write(policy.input().warnings(), document.putArray("diagnostics"));
        return document;
    }

    private static ObjectNode rejected(PolicyInput input, Rejected rejected) {
        ObjectNode document = DiagnosticJson.error(VerifiedPolicy.rejection(input, rejected));
        ExplanationJson.write(rejected.explanations(), input.object(), document.putArray("explanations"));
        return document;
    }
}
