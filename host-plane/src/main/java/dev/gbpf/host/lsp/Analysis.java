package dev.gbpf.host.lsp;

import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.lang.policytest.TestCompileResult;
import dev.gbpf.lang.policytest.TestCompiler;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import dev.gbpf.verifier.Certificate;
import dev.gbpf.verifier.VerificationResult;
import dev.gbpf.verifier.Verifier;
import dev.gbpf.verifier.VerifierOptions;
import dev.gbpf.verifier.explain.LineFacts;
import dev.gbpf.verifier.explain.ProgramFacts;
import dev.gbpf.verifier.explain.ProgramText;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the compiler and the verifier say about a text.
 *
 * @param diagnostics errors, warnings and rejections
 * @param certificates what hooks cost at most; empty when the verifier did not accept the policy
 * @param loops the most iterations of the loops that begin in a line, from 1; empty likewise
 * @param lines for each line with code, what it costs the hooks; empty likewise
 */
record Analysis(
        List<Diagnostic> diagnostics,
        Map<Hook, Certificate> certificates,
        Map<Integer, Long> loops,
        Map<Integer, Map<Hook, Long>> lines) {
    static final Analysis NONE = without(List.of());

    private static final VerifierOptions OPTIONS = VerifierOptions.DEFAULT.keepingStates();

    Analysis {
        diagnostics = List.copyOf(diagnostics);
        certificates = Map.copyOf(certificates);
        loops = Map.copyOf(loops);
        lines = Map.copyOf(lines);
    }

    /** One without costs. */
    private static Analysis without(List<Diagnostic> diagnostics) {
        return new Analysis(diagnostics, Map.of(), Map.of(), Map.of());
    }

    /** Compiles a policy with its tests, and verifies it when it compiles. */
    static Analysis of(SourceFile source) {
        return switch (TestCompiler.compile(source)) {
            case TestCompileResult.Failed(List<Diagnostic> errors) -> without(errors);
            case TestCompileResult.Compiled compiled -> verify(compiled);
        };
    }

    private static Analysis verify(TestCompileResult.Compiled compiled) {
        return switch (new Verifier(OPTIONS).verify(compiled.object())) {
            case VerificationResult.Rejected(List<Diagnostic> rejections, var _, var _, var _) -> {
                List<Diagnostic> all = new ArrayList<>(rejections);
                all.addAll(compiled.warnings());
                yield without(all);
            }
            case VerificationResult.Accepted accepted -> accepted(compiled.object(), accepted, compiled.warnings());
        };
    }

    private static Analysis accepted(
            PolicyObject object, VerificationResult.Accepted accepted, List<Diagnostic> warnings) {
        Map<Hook, Certificate> byHook = new EnumMap<>(Hook.class);
        Map<Integer, Long> loops = new HashMap<>();
        Map<Integer, Map<Hook, Long>> lines = new HashMap<>();
        for (int i = 0; i < accepted.certificates().size(); i++) {
            ProgramObject program = object.programs().get(i);
            Certificate certificate = accepted.certificates().get(i);
            byHook.put(program.hook(), certificate);
            for (Certificate.LoopCertificate loop : certificate.loops()) {
                program.lineAt(loop.pc()).ifPresent(line -> loops.merge(line.line(), loop.maxIterations(), Math::max));
            }
            ProgramText text = ProgramText.of(object, program, certificate.type());
            for (LineFacts facts : ProgramFacts.of(text, accepted.analyses().get(i))) {
                lines.computeIfAbsent(facts.line(), _ -> new EnumMap<>(Hook.class))
                        .put(program.hook(), facts.cost());
            }
        }
        return new Analysis(warnings, byHook, loops, lines);
    }
}
