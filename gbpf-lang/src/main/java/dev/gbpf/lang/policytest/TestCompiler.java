package dev.gbpf.lang.policytest;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.lang.ast.PolicyUnit;
import dev.gbpf.lang.ast.TestBlock;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import dev.gbpf.lang.module.ModuleLoader;
import dev.gbpf.lang.module.ModuleResolver;
import dev.gbpf.lang.module.Modules;
import dev.gbpf.lang.syntax.ParserMode;
import dev.gbpf.object.PolicyObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Compiles a policy with its tests. Total, like {@link PolicyCompiler}, which compiles the policy alone and takes no notice
 * of what its tests mean.
 */
public final class TestCompiler {
    private TestCompiler() {}

    /** The tests of a source text that imports no files, or all that is wrong with it. */
    public static TestCompileResult compile(SourceFile source) {
        return compile(source, ModuleResolver.NONE);
    }

    /** The tests of a source text, or all that is wrong with it. */
    public static TestCompileResult compile(SourceFile source, ModuleResolver resolver) {
        return switch (PolicyCompiler.compile(source, resolver)) {
            case CompileResult.Failed(var errors) -> new TestCompileResult.Failed(errors);
            case CompileResult.Compiled(var object, var warnings) -> tests(source, resolver, object, warnings);
        };
    }

    private static TestCompileResult tests(
            SourceFile source, ModuleResolver resolver, PolicyObject object, List<Diagnostic> warnings) {
        return switch (ModuleLoader.load(source, resolver, ParserMode.NORMAL)) {
            case ModuleLoader.Result.Failed(var errors) -> new TestCompileResult.Failed(errors);
            case ModuleLoader.Result.Loaded(Modules modules) -> {
                List<PolicyTest> tests = tests(modules);
                yield modules.hasErrors()
                        ? new TestCompileResult.Failed(modules.errors())
                        : new TestCompileResult.Compiled(object, tests, warnings);
            }
        };
    }

    private static List<PolicyTest> tests(Modules modules) {
        PolicyUnit unit = modules.main().unit();
        if (unit.tests().isEmpty()) {
            return List.of();
        }
        TestReporter reporter =
                new TestReporter(modules.main().source(), modules.main().diagnostics());
        FragmentFactory fragments = new FragmentFactory(modules);
        List<PolicyTest> tests = new ArrayList<>();
        Map<String, TestBlock> titles = new HashMap<>();
        for (TestBlock block : unit.tests()) {
            TestBlock earlier = titles.putIfAbsent(block.title(), block);
            if (earlier != null) {
                reporter.duplicateTitle(block, earlier);
            }
            tests.add(new TestBlockCompiler(unit, fragments, reporter).compile(block));
        }
        return tests;
    }
}
