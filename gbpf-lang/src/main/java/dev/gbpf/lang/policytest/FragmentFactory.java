package dev.gbpf.lang.policytest;

import dev.gbpf.abi.AbiVersion;
import dev.gbpf.abi.MapKind;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.lang.ast.Block;
import dev.gbpf.lang.codegen.CodeGenerationPhase;
import dev.gbpf.lang.module.Modules;
import dev.gbpf.lang.sema.FragmentAnalyzer;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.object.PolicyObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compiles the code of steps. */
final class FragmentFactory {
    private final FragmentAnalyzer analyzer;
    private final Modules modules;

    FragmentFactory(Modules modules) {
        this.analyzer = new FragmentAnalyzer(modules);
        this.modules = modules;
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

    /** The ring buffer of a name, or null when it is none. */
    @Nullable
    MapDefinition ring(String name) {
        MapDefinition map = analyzer.map(name);
        return map != null && map.kind() == MapKind.RINGBUF ? map : null;
    }

    Compiled compile(Block body, Map<String, Integer> outputs, List<CodeFragment.Demand> demands, SourceSpan span) {
        FragmentAnalyzer.Fragment fragment = analyzer.analyze(body, outputs, span);
        // After an error nothing will run; the other steps are only checked.
        PolicyObject object = modules.hasErrors()
                ? new PolicyObject(fragment.policy().name(), AbiVersion.CURRENT, List.of(), List.of(), modules.source())
                : CodeGenerationPhase.generate(fragment.policy(), modules);
        return new Compiled(new CodeFragment(object, demands), fragment.results());
    }
}
