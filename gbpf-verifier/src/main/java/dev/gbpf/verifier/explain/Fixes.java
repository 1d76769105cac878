package dev.gbpf.verifier.explain;

import dev.gbpf.abi.VerdictSpec;
import dev.gbpf.abi.VerdictSpec.NamedValue;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.isa.Register;
import dev.gbpf.object.LineInfo;
import dev.gbpf.verifier.analysis.AnalysisResult;
import dev.gbpf.verifier.analysis.AnalysisStates;
import dev.gbpf.verifier.analysis.EbpfState;
import dev.gbpf.verifier.analysis.Value;
import dev.gbpf.verifier.assertion.Violation;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finds the standard fix of a violation, if it has one, in the policy's language. */
final class Fixes {
    private Fixes() {}

    /**
     * What a fix can be made from.
     *
     * @param text the program
     * @param violation what is wrong
     * @param shown index of the instruction whose line is shown
     * @param result the whole analysis
     * @param path the way to it; null when it is about no path
     * @param place the value at fault, or null
     */
    record Case(
            ProgramText text,
            Violation violation,
            int shown,
            AnalysisResult result,
            @Nullable AbstractPath path,
            @Nullable Place place) {

        /** The source line of an instruction, if it can be edited: not in an import. */
        Optional<LineInfo> editable(int index) {
            SourceFile source = text.source();
            return source == null || index >= text.program().size()
                    ? Optional.empty()
                    : text.line(index)
                            .filter(l -> source.locate(l.line()).file().name().equals(source.name()));
        }

        /** The register at fault; null when it is not one. */
        @Nullable
        Register register() {
            return place instanceof Place.InRegister(Register register, var _) ? register : null;
        }

        /** What is known of the register at fault, or null. */
        @Nullable
        Value value() {
            return path == null || place == null ? null : place.in(path.last());
        }

        /** Whether what is known of a register before the instruction is so in all states there, not only on the path. */
        boolean isAlways(Register register, Predicate<Value> condition) {
            AnalysisStates states = result.states();
            Violation.Fault fault = violation.fault();
            if (states == null || fault == null) {
                return false;
            }
            for (EbpfState before : states.before(fault.block())) {
                EbpfState state = before;
                for (int k = states.graph().block(fault.block()).first(); k < violation.index(); k++) {
                    state = states.after(state, k);
                }
                if (!condition.test(state.get(register))) {
                    return false;
                }
            }
            return true;
        }

        /** The default verdict as the language writes it. */
        String defaultVerdict(String prefix) {
            VerdictSpec verdict = text.type().verdict();
            return verdict.names().stream()
                    .filter(n ->
                            n.value() == verdict.defaultVerdict() && text.type().hook() != null)
                    .findFirst()
                    .map(NamedValue::name)
                    .map(n -> prefix + n)
                    .orElse(Long.toString(verdict.defaultVerdict()));
        }
    }

    /** The fix, or null when there is no standard one. */
    static @Nullable Fix of(Case fault) {
        return switch (fault.text().language()) {
            case ASSEMBLY -> new AssemblyFixes(fault).fix();
            case C -> new CFixes(fault).fix();
            case POLICY -> new PolicyFixes(fault).fix();
        };
    }
}
