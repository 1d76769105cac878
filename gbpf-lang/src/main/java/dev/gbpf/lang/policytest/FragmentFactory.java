package dev.gbpf.lang.policytest;

import dev.gbpf.abi.AbiVersion;
import dev.gbpf.diagnostic.DiagnosticCollector;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.lang.ast.Block;
import dev.gbpf.lang.ast.PolicyUnit;
import dev.gbpf.lang.codegen.CodeGenerationPhase;
import dev.gbpf.lang.sema.FragmentAnalyzer;
import dev.gbpf.object.PolicyObject;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compiles the code of steps. */
final class FragmentFactory {
    private final FragmentAnalyzer analyzer;
    private final SourceFile source;
    private final DiagnosticCollector diagnostics;

    FragmentFactory(PolicyUnit unit, SourceFile source, DiagnosticCollector diagnostics) {
        this.analyzer = new FragmentAnalyzer(unit, source, diagnostics);
        this.source = source;
        this.diagnostics = diagnostics;
    }

    /**
     * A compiled fragment.
     *
     * @param code its program; empty when there were errors, which makes all tests of the source useless
     * @param results what its outputs hold
     */
    record Compiled(CodeFragment code, List<FragmentAnalyzer.Result> results) {}

    /** Names of all maps and constants that a fragment can use. */
    Set<String> names() {
        return analyzer.names();
    }

    Compiled compile(Block body, Map<String, Integer> outputs, List<CodeFragment.Demand> demands, SourceSpan span) {
        FragmentAnalyzer.Fragment fragment = analyzer.analyze(body, outputs, span);
        // After an error nothing will run; the other steps are only checked.
        PolicyObject object = diagnostics.hasErrors()
                ? new PolicyObject(fragment.policy().name(), AbiVersion.CURRENT, List.of(), List.of(), source)
                : CodeGenerationPhase.generate(fragment.policy(), source, diagnostics);
        return new Compiled(new CodeFragment(object, demands), fragment.results());
    }
}
