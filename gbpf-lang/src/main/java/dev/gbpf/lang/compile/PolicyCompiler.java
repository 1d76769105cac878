package dev.gbpf.lang.compile;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.lang.codegen.CodeGenerationPhase;
import dev.gbpf.lang.module.ModuleLoader;
import dev.gbpf.lang.module.ModuleResolver;
import dev.gbpf.lang.module.Modules;
import dev.gbpf.lang.sema.BoundPolicy;
import dev.gbpf.lang.sema.SemanticAnalysisPhase;
import dev.gbpf.lang.syntax.ParserMode;
import dev.gbpf.object.PolicyObject;

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

    /** The policy of a source text that imports no files, or all that is wrong with it. */
    public static CompileResult compile(SourceFile source) {
        return compile(source, ModuleResolver.NONE);
    }

    /** The policy of a source text and of the files that it imports, or all that is wrong with them. */
    public static CompileResult compile(SourceFile source, ModuleResolver resolver) {
        return compile(source, resolver, ParserMode.NORMAL);
    }

    static CompileResult compile(SourceFile source, ModuleResolver resolver, ParserMode mode) {
        return switch (ModuleLoader.load(source, resolver, mode)) {
            case ModuleLoader.Result.Failed(var errors) -> new CompileResult.Failed(errors);
            case ModuleLoader.Result.Loaded(Modules modules) -> compile(modules);
        };
    }

    private static CompileResult compile(Modules modules) {
        BoundPolicy policy = SemanticAnalysisPhase.analyze(modules);
        if (modules.hasErrors()) {
            return new CompileResult.Failed(modules.errors());
        }
        PolicyObject object = CodeGenerationPhase.generate(policy, modules);
        return modules.hasErrors()
                ? new CompileResult.Failed(modules.errors())
                : new CompileResult.Compiled(object, modules.warnings());
    }
}
