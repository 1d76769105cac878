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
 */
record Analysis(List<Diagnostic> diagnostics, Map<Hook, Certificate> certificates, Map<Integer, Long> loops) {
    static final Analysis NONE = new Analysis(List.of(), Map.of(), Map.of());

    Analysis {
        diagnostics = List.copyOf(diagnostics);
        certificates = Map.copyOf(certificates);
        loops = Map.copyOf(loops);
    }

    /** Compiles a policy with its tests, and verifies it when it compiles. */
    static Analysis of(SourceFile source) {
        return switch (TestCompiler.compile(source)) {
            case TestCompileResult.Failed(List<Diagnostic> errors) -> new Analysis(errors, Map.of(), Map.of());
            case TestCompileResult.Compiled compiled -> verify(compiled);
        };
    }

    private static Analysis verify(TestCompileResult.Compiled compiled) {
        return switch (new Verifier().verify(compiled.object())) {
            case VerificationResult.Rejected(List<Diagnostic> rejections, var _, var _, var _) -> {
                List<Diagnostic> all = new ArrayList<>(rejections);
                all.addAll(compiled.warnings());
                yield new Analysis(all, Map.of(), Map.of());
            }
            case VerificationResult.Accepted(List<Certificate> certificates, var _, var _) ->
                accepted(compiled.object(), certificates, compiled.warnings());
        };
    }

    private static Analysis accepted(PolicyObject object, List<Certificate> certificates, List<Diagnostic> warnings) {
        Map<Hook, Certificate> byHook = new EnumMap<>(Hook.class);
        Map<Integer, Long> loops = new HashMap<>();
        for (int i = 0; i < certificates.size(); i++) {
            ProgramObject program = object.programs().get(i);
            byHook.put(program.hook(), certificates.get(i));
            for (Certificate.LoopCertificate loop : certificates.get(i).loops()) {
                program.lineAt(loop.pc()).ifPresent(line -> loops.merge(line.line(), loop.maxIterations(), Math::max));
            }
        }
        return new Analysis(warnings, byHook, loops);
    }
}
