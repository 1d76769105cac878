package dev.gbpf.lang.policytest;

import dev.gbpf.diagnostic.DiagnosticCollector;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.lang.ast.PolicyUnit;
import dev.gbpf.lang.ast.TestBlock;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import dev.gbpf.lang.syntax.ParserMode;
import dev.gbpf.lang.syntax.PolicyParser;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compiles a policy with its tests. Total, like {@link PolicyCompiler}, which compiles the policy alone and takes no notice
 * of what its tests mean.
 */
public final class TestCompiler {
    private TestCompiler() {}

    /** The tests of a source text, or all that is wrong with it. */
    public static TestCompileResult compile(SourceFile source) {
        return switch (PolicyCompiler.compile(source)) {
            case CompileResult.Failed(var errors) -> new TestCompileResult.Failed(errors);
            case CompileResult.Compiled(var object, var warnings) -> {
                DiagnosticCollector diagnostics = new DiagnosticCollector(source.name());
                List<PolicyTest> tests = tests(source, diagnostics);
                yield diagnostics.hasErrors()
                        ? new TestCompileResult.Failed(diagnostics.errors())
                        : new TestCompileResult.Compiled(object, tests, warnings);
            }
        };
    }

    private static List<PolicyTest> tests(SourceFile source, DiagnosticCollector diagnostics) {
        Optional<PolicyUnit> unit = PolicyParser.parse(source, diagnostics, ParserMode.NORMAL);
        if (unit.isEmpty() || unit.get().tests().isEmpty()) {
            return List.of();
        }
        TestReporter reporter = new TestReporter(source, diagnostics);
        FragmentFactory fragments = new FragmentFactory(unit.get(), source, diagnostics);
        List<PolicyTest> tests = new ArrayList<>();
        Map<String, TestBlock> titles = new HashMap<>();
        for (TestBlock block : unit.get().tests()) {
            TestBlock earlier = titles.putIfAbsent(block.title(), block);
            if (earlier != null) {
                reporter.duplicateTitle(block, earlier);
            }
            tests.add(new TestBlockCompiler(unit.get(), fragments, reporter).compile(block));
        }
        return tests;
    }
}
