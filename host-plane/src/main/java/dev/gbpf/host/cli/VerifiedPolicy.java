package dev.gbpf.host.cli;

import dev.gbpf.abi.DeviceProfile;
import dev.gbpf.abi.Hook;
import dev.gbpf.object.ObjectHash;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import dev.gbpf.verifier.Certificate;
import dev.gbpf.verifier.VerificationResult;
import dev.gbpf.verifier.VerificationResult.Accepted;
import dev.gbpf.verifier.VerificationResult.Rejected;
import dev.gbpf.verifier.Verifier;
import dev.gbpf.verifier.limit.Effort;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A policy that was found safe.
 *
 * @param input the policy
 * @param certificates what its programs cost at most, in the order of the object's programs
 * @param effort what the verification took
 */
record VerifiedPolicy(PolicyInput input, List<Certificate> certificates, Effort effort) {
    VerifiedPolicy {
        certificates = List.copyOf(certificates);
    }

    /**
     * Verifies a policy.
     *
     * @throws DiagnosticException when the verifier rejects it
     */
    static VerifiedPolicy of(PolicyInput input) {
        return of(input, new Verifier().verify(input.object()));
    }

    /**
     * A policy with the verifier's answer.
     *
     * @throws DiagnosticException when the verifier rejects it
     */
    static VerifiedPolicy of(PolicyInput input, VerificationResult result) {
        return switch (result) {
            case Accepted accepted -> new VerifiedPolicy(input, accepted.certificates(), accepted.effort());
            case Rejected rejected -> throw rejection(input, rejected);
        };
    }

    /** The messages of a rejection. */
    static DiagnosticException rejection(PolicyInput input, Rejected rejected) {
        return new DiagnosticException(
                ExitCode.REJECTED,
                "the verifier rejects " + input.name(),
                Stream.concat(rejected.diagnostics().stream(), input.warnings().stream())
                        .toList(),
                input.object().source());
    }

    PolicyObject object() {
        return input.object();
    }

    String tag() {
        return ObjectHash.of(object()).tag();
    }

    /** Of the dearest hook, instructions; 0 when there is no hook. */
    long worstCase() {
        return certificates.stream()
                .mapToLong(Certificate::worstCaseInstructions)
                .max()
                .orElse(0);
    }

    /** The hooks that it implements. */
    List<Hook> hooks() {
        return object().programs().stream().map(ProgramObject::hook).toList();
    }

    /** What each hook costs, for people, and the loop bounds that this rests on. */
    String table() {
        return costs() + loops();
    }

    private String costs() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("  hook", "size", "worst case", "budget", "helper calls"));
        for (int i = 0; i < certificates.size(); i++) {
            Certificate certificate = certificates.get(i);
            ProgramObject program = object().programs().get(i);
            rows.add(List.of(
                    "  " + program.hook().symbol(),
                    Text.grouped(program.program().size()),
                    Text.grouped(certificate.worstCaseInstructions()),
                    Text.grouped(program.hook().budget()),
                    Text.grouped(certificate.worstCaseHelperCalls())));
        }
        return Text.table(rows, false, true, true, true, true);
    }

    private String loops() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("  loop", "goes back", "because"));
        for (int i = 0; i < certificates.size(); i++) {
            ProgramObject program = object().programs().get(i);
            for (Certificate.LoopCertificate loop : certificates.get(i).loops()) {
                String place = program.lineAt(loop.pc())
                        .map(line -> SourceLine.text(object(), line))
                        .orElse("pc=" + loop.pc());
                rows.add(List.of(
                        "  " + program.hook().symbol() + ", " + place,
                        Text.grouped(loop.maxIterations()),
                        loop.counter()));
            }
        }
        return rows.size() == 1 ? "" : "\n" + Text.table(rows, false, true, false);
    }

    /** What each hook costs. */
    void write(ArrayNode programs) {
        for (int i = 0; i < certificates.size(); i++) {
            Certificate certificate = certificates.get(i);
            ProgramObject program = object().programs().get(i);
            ObjectNode node = programs.addObject();
            node.put("hook", program.hook().symbol());
            node.put("plane", program.hook().plane().word());
            node.put("instructions", program.program().size());
            node.put("worstCaseInstructions", certificate.worstCaseInstructions());
            node.put("budget", program.hook().budget());
            node.put("worstCaseHelperCalls", certificate.worstCaseHelperCalls());
            ArrayNode loops = node.putArray("loops");
            for (Certificate.LoopCertificate loop : certificate.loops()) {
                ObjectNode entry = loops.addObject();
                entry.put("pc", loop.pc());
                program.lineAt(loop.pc()).ifPresent(line -> SourceLine.write(entry, object(), line));
                entry.put("maxIterations", loop.maxIterations());
                entry.put("counter", loop.counter());
            }
            DeviceProfile device = program.hook().device();
            if (device != null) {
                ArrayNode divergent = node.putArray("divergentBranches");
                for (int pc : certificate.divergentBranches()) {
                    ObjectNode entry = divergent.addObject();
                    entry.put("pc", pc);
                    program.lineAt(pc).ifPresent(line -> SourceLine.write(entry, object(), line));
                }
            }
        }
    }
}
