package dev.gbpf.verifier;

import dev.gbpf.abi.AbiVersion;
import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.Severity;
import dev.gbpf.isa.Program;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import dev.gbpf.verifier.Certificate.LoopCertificate;
import dev.gbpf.verifier.analysis.AnalysisResult;
import dev.gbpf.verifier.analysis.LoopBound;
import dev.gbpf.verifier.analysis.ProgramAnalysis;
import dev.gbpf.verifier.assertion.RejectionCode;
import dev.gbpf.verifier.assertion.Violation;
import dev.gbpf.verifier.platform.ProgramType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Proves programs safe, or says why it cannot. What is promised of an accepted program is written in {@code docs/verifier.md}.
 *
 * <p>Immutable and without shared state: one verifier may serve any number of threads.
 */
public final class Verifier {
    private final VerifierOptions options;

    /** A verifier with the default limits. */
    public Verifier() {
        this(VerifierOptions.DEFAULT);
    }

    public Verifier(VerifierOptions options) {
        this.options = options;
    }

    /** Verifies every program of a policy against its hook. */
    public VerificationResult verify(PolicyObject policy) {
        List<Diagnostic> diagnostics = new ArrayList<>(objectDiagnostics(policy));
        List<Certificate> certificates = new ArrayList<>();
        if (diagnostics.isEmpty()) {
            for (ProgramObject program : policy.programs()) {
                verify(
                        program.program(),
                        ProgramType.of(program.hook()),
                        policy.maps(),
                        DiagnosticWriter.of(policy, program),
                        certificates,
                        diagnostics);
            }
        }
        return result(certificates, diagnostics);
    }

    /**
     * Verifies a single program.
     *
     * @param maps the map table that its references count
     */
    public VerificationResult verify(Program program, ProgramType type, List<MapDefinition> maps) {
        List<Diagnostic> diagnostics = new ArrayList<>();
        List<Certificate> certificates = new ArrayList<>();
        verify(program, type, maps, DiagnosticWriter.of(program, type), certificates, diagnostics);
        return result(certificates, diagnostics);
    }

    /**
     * Verifies a single program and gives what was found as data, without words: for tools with an output of their own.
     *
     * @param maps the map table that its references count
     */
    public AnalysisResult analyse(Program program, ProgramType type, List<MapDefinition> maps) {
        return ProgramAnalysis.analyse(
                program, type.withBudgetAtMost(options.budgetLimit()), maps, options.stepLimit(), options.observer());
    }

    /** Verifies a single program that uses no maps. */
    public VerificationResult verify(Program program, ProgramType type) {
        return verify(program, type, List.of());
    }

    private static VerificationResult result(List<Certificate> certificates, List<Diagnostic> diagnostics) {
        return diagnostics.isEmpty()
                ? new VerificationResult.Accepted(certificates)
                : new VerificationResult.Rejected(diagnostics);
    }

    private void verify(
            Program program,
            ProgramType type,
            List<MapDefinition> maps,
            DiagnosticWriter writer,
            List<Certificate> certificates,
            List<Diagnostic> diagnostics) {
        ProgramType limited = type.withBudgetAtMost(options.budgetLimit());
        AnalysisResult result = analyse(program, limited, maps);
        if (result.isAccepted()) {
            certificates.add(new Certificate(
                    limited,
                    result.instructions(),
                    result.helperCalls(),
                    loops(program, result.loops()),
                    result.divergences().stream()
                            .map(d -> program.pcOf(d.index()))
                            .toList()));
        } else {
            for (Violation violation : result.violations()) {
                diagnostics.add(writer.write(violation));
            }
        }
    }

    /** One entry per loop of the program: of its activations the one with the most iterations. */
    private static List<LoopCertificate> loops(Program program, List<LoopBound> bounds) {
        Map<Integer, LoopBound> greatest = new TreeMap<>();
        for (LoopBound bound : bounds) {
            greatest.merge(bound.index(), bound, (a, b) -> b.iterations() > a.iterations() ? b : a);
        }
        return greatest.values().stream()
                .map(b -> new LoopCertificate(program.pcOf(b.index()), b.iterations(), b.counter()))
                .sorted(Comparator.comparingInt(LoopCertificate::pc))
                .toList();
    }

    private static List<Diagnostic> objectDiagnostics(PolicyObject policy) {
        List<Diagnostic> diagnostics = new ArrayList<>();
        if (!AbiVersion.CURRENT.runs(policy.abi())) {
            diagnostics.add(objectDiagnostic(
                    policy,
                    RejectionCode.ABI_VERSION,
                    "the object was compiled for interface " + policy.abi() + ", this build runs "
                            + AbiVersion.CURRENT.major() + ".0 to " + AbiVersion.CURRENT));
        }
        Set<Hook> hooks = EnumSet.noneOf(Hook.class);
        for (ProgramObject program : policy.programs()) {
            if (!hooks.add(program.hook())) {
                diagnostics.add(objectDiagnostic(
                        policy,
                        RejectionCode.DUPLICATE_HOOK,
                        "hook " + program.hook().symbol() + " has more than one program"));
            }
        }
        return diagnostics;
    }

    private static Diagnostic objectDiagnostic(PolicyObject policy, RejectionCode code, String note) {
        @Nullable String file = policy.source() == null ? null : policy.source().name();
        return new Diagnostic(
                code.code(),
                Severity.ERROR,
                code.title(),
                file,
                null,
                "",
                List.of(note, code.explanation()),
                code.hint());
    }
}
