package dev.gbpf.lang.compile;

import dev.gbpf.diagnostic.DiagnosticCollector;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.lang.ast.PolicyUnit;
import dev.gbpf.lang.codegen.CodeGenerationPhase;
import dev.gbpf.lang.sema.BoundPolicy;
import dev.gbpf.lang.sema.SemanticAnalysisPhase;
import dev.gbpf.lang.syntax.ParserMode;
import dev.gbpf.lang.syntax.PolicyParser;
import dev.gbpf.object.PolicyObject;
import java.util.Optional;

/**
 * Compiles policies. Total: every text gives a result, in bounded time and stack; there are no exceptions for bad input.
 *
 * <pre>{@code
 * switch (PolicyCompiler.compile(new SourceFile("fair.gbpf", text))) {
 *     case CompileResult.Compiled(var object, var warnings) -> load(object);
 *     case CompileResult.Failed(var diagnostics) -> print(new DiagnosticRenderer(source, false).render(diagnostics));
 * }
 * }</pre>
 */
public final class PolicyCompiler {
    private PolicyCompiler() {}

    /** The policy of a source text, or all that is wrong with it. */
    public static CompileResult compile(SourceFile source) {
        return compile(source, ParserMode.NORMAL);
    }

    static CompileResult compile(SourceFile source, ParserMode mode) {
        DiagnosticCollector diagnostics = new DiagnosticCollector(source.name());

        Optional<PolicyUnit> unit = PolicyParser.parse(source, diagnostics, mode);
        if (unit.isEmpty()) {
            return new CompileResult.Failed(diagnostics.errors());
        }
        BoundPolicy policy = SemanticAnalysisPhase.analyze(unit.get(), source, diagnostics);
        if (diagnostics.hasErrors()) {
            return new CompileResult.Failed(diagnostics.errors());
        }
        PolicyObject object = CodeGenerationPhase.generate(policy, source, diagnostics);
        if (diagnostics.hasErrors()) {
            return new CompileResult.Failed(diagnostics.errors());
        }
        return new CompileResult.Compiled(object, diagnostics.warnings());
    }
}
