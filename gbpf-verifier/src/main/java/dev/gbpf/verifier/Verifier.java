package dev.gbpf.verifier;

import dev.gbpf.abi.AbiVersion;
import dev.gbpf.abi.Hook;
import dev.gbpf.abi.WellKnownMap;
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
import dev.gbpf.verifier.explain.Explainer;
import dev.gbpf.verifier.explain.Explanation;
import dev.gbpf.verifier.explain.ProgramText;
import dev.gbpf.verifier.limit.Effort;
import dev.gbpf.verifier.limit.ResourceMeter;
import dev.gbpf.verifier.platform.ProgramType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Proves programs safe, or says why it cannot. What is promised of an accepted program is written in {@code docs/verifier.md}.
 *
 * <p>Immutable and without shared state: one verifier may serve any number of threads. It bounds its own work: no program makes it use
 * more than {@link VerifierOptions#limits} allow.
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

    /**
     * Verifies every program of a policy against its hook.
     *
     * @throws CancellationException when {@link VerifierOptions#cancellation} asks to stop, or the thread is interrupted; its
     *     interrupted status stays
     */
    public VerificationResult verify(PolicyObject policy) {
        List<Diagnostic> diagnostics = objectDiagnostics(policy);
        if (!diagnostics.isEmpty()) {
            return new VerificationResult.Rejected(diagnostics, List.of(), List.of(), Effort.NONE);
        }
        Findings findings = new Findings(meter());
        for (ProgramObject program : policy.programs()) {
            verify(ProgramText.of(policy, program, limited(ProgramType.of(program.hook()))), findings);
        }
        return findings.result();
    }

    /**
     * Verifies a single program.
     *
     * @param maps the map table that its references count
     * @throws CancellationException as {@link #verify(PolicyObject)}
     */
    public VerificationResult verify(Program program, ProgramType type, List<MapDefinition> maps) {
        Findings findings = new Findings(meter());
        verify(ProgramText.of(program, limited(type), maps), findings);
        return findings.result();
    }

    /**
     * Verifies a single program and gives what was found as data, without words: for tools with an output of their own.
     *
     * @param maps the map table that its references count
     * @throws CancellationException as {@link #verify(PolicyObject)}
     */
    public AnalysisResult analyse(Program program, ProgramType type, List<MapDefinition> maps) {
        return ProgramAnalysis.analyse(program, limited(type), maps, meter());
    }

    /** Verifies a single program that uses no maps. */
    public VerificationResult verify(Program program, ProgramType type) {
        return verify(program, type, List.of());
    }

    private ProgramType limited(ProgramType type) {
        return type.withBudgetAtMost(options.budgetLimit());
    }

    private ResourceMeter meter() {
        return ResourceMeter.start(options.limits(), options.cancellation());
    }

    /** What is found, program by program, and the clock of all. */
    private static final class Findings {
        final List<Certificate> certificates = new ArrayList<>();
        final List<Diagnostic> diagnostics = new ArrayList<>();
        final List<Explanation> explanations = new ArrayList<>();
        final List<AnalysisResult> analyses = new ArrayList<>();
        private ResourceMeter meter;
        private Effort effort = Effort.NONE;

        Findings(ResourceMeter meter) {
            this.meter = meter;
        }

        AnalysisResult analyse(ProgramText text) {
            meter = meter.forNextProgram();
            AnalysisResult result = ProgramAnalysis.analyse(text.program(), text.type(), text.maps(), meter);
            effort = effort.then(result.effort());
            return result;
        }

        VerificationResult result() {
            return diagnostics.isEmpty()
                    ? new VerificationResult.Accepted(certificates, analyses, effort)
                    : new VerificationResult.Rejected(diagnostics, explanations, analyses, effort);
        }
    }

    private void verify(ProgramText text, Findings findings) {
        AnalysisResult result = findings.analyse(text);
        if (options.keepStates()) {
            findings.analyses.add(result);
        }
        if (result.isAccepted()) {
            findings.certificates.add(new Certificate(
                    text.type(),
                    result.instructions(),
                    result.helperCalls(),
                    loops(text.program(), result.loops()),
                    result.divergences().stream()
                            .map(d -> text.program().pcOf(d.index()))
                            .toList()));
            return;
        }
        DiagnosticWriter writer = new DiagnosticWriter(text);
        for (Explanation explanation : new Explainer(text, findings.meter.forNextProgram()).explain(result)) {
            findings.explanations.add(explanation);
            findings.diagnostics.add(writer.write(explanation));
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
            diagnostics.add(
                    objectDiagnostic(policy, RejectionCode.ABI_VERSION, AbiVersion.CURRENT.refusal(policy.abi())));
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
        for (MapDefinition map : policy.maps()) {
            WellKnownMap.byName(map.name())
                    .filter(known -> !isDeclaredAs(known, map))
                    .ifPresent(known -> diagnostics.add(objectDiagnostic(
                            policy,
                            RejectionCode.WELL_KNOWN_MAP,
                            "map " + map.name() + " is of kind " + map.kind().keyword() + " with " + map.maxEntries()
                                    + " entries of " + map.valueSize() + " bytes; it must be of kind "
                                    + known.kind().keyword() + " with " + known.entries() + " entries of "
                                    + known.value().size() + " bytes: " + known.declaration())));
        }
        return diagnostics;
    }

    private static boolean isDeclaredAs(WellKnownMap known, MapDefinition map) {
        return map.kind() == known.kind()
                && map.maxEntries() == known.entries()
                && map.valueSize() == known.value().size()
                && !map.readOnly();
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
