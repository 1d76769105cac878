package dev.gbpf.verifier.explain;

import dev.gbpf.isa.Instruction;
import dev.gbpf.verifier.analysis.AnalysisResult;
import dev.gbpf.verifier.analysis.AnalysisStates;
import dev.gbpf.verifier.assertion.Assertion;
import dev.gbpf.verifier.assertion.Violation;
import dev.gbpf.verifier.explain.Explanation.HistoryEvent;
import java.util.ArrayList;
import java.util.List;

/** Explains the violations of one program. */
public final class Explainer {
    private final ProgramText text;

    public Explainer(ProgramText text) {
        this.text = text;
    }

    /** An explanation of each violation, in their order. The work is bounded, whatever the program. */
    public List<Explanation> explain(AnalysisResult result) {
        AnalysisStates states = result.states();
        PathSearch search = states == null ? null : new PathSearch(states);
        List<Explanation> explanations = new ArrayList<>();
        for (Violation violation : result.violations()) {
            Violation.Fault fault = violation.fault();
            Assertion assertion = fault == null ? null : fault.assertion();
            explanations.add(
                    states == null || search == null || fault == null || assertion == null
                            ? plain(violation, result)
                            : onPath(
                                    violation,
                                    assertion,
                                    result,
                                    states,
                                    search.to(violation, fault.block(), assertion)));
        }
        return explanations;
    }

    private Explanation plain(Violation violation, AnalysisResult result) {
        AnalysisStates states = result.states();
        Violation.Fault fault = violation.fault();
        int shown = states == null || fault == null
                ? violation.index()
                : loopTest(text, states, fault.block(), violation.index());
        Fix fix = Fixes.of(new Fixes.Case(text, violation, shown, result, null, null));
        return new Explanation(text.type().name(), shown, violation, List.of(), List.of(), "", List.of(), fix);
    }

    private Explanation onPath(
            Violation violation, Assertion assertion, AnalysisResult result, AnalysisStates states, AbstractPath path) {
        ValueNames names = new ValueNames(text, path);
        Place place = FaultPlace.of(violation, assertion, path);
        List<HistoryEvent> history = place == null ? List.of() : new ValueHistory(text, states, path, names).of(place);
        return new Explanation(
                text.type().name(),
                violation.index(),
                violation,
                new BranchReasons(states, path, names).steps(),
                path.blocks(),
                place == null ? "" : place.toString(),
                history,
                Fixes.of(new Fixes.Case(text, violation, violation.index(), result, path, place)));
    }

    /** The test of a loop names its line better than its first instruction does, where compilers turn loops around. */
    static int loopTest(ProgramText text, AnalysisStates states, int header, int index) {
        if (text.language() == ProgramText.Language.ASSEMBLY) {
            return index;
        }
        for (int i = 0; i < states.graph().inDegree(header); i++) {
            int edge = states.graph().inEdge(header, i);
            int last = states.graph().block(states.graph().edgeSource(edge)).last();
            if (states.order().isBackEdge(edge) && text.program().get(last) instanceof Instruction.CondJump) {
                return last;
            }
        }
        return index;
    }
}
