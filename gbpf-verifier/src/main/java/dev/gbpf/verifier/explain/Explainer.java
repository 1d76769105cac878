package dev.gbpf.verifier.explain;

import dev.gbpf.isa.Instruction;
import dev.gbpf.verifier.analysis.AnalysisResult;
import dev.gbpf.verifier.analysis.AnalysisStates;
import dev.gbpf.verifier.assertion.Assertion;
import dev.gbpf.verifier.assertion.RejectionException;
import dev.gbpf.verifier.assertion.Violation;
import dev.gbpf.verifier.explain.Explanation.HistoryEvent;
import dev.gbpf.verifier.explain.Explanation.Kind;
import dev.gbpf.verifier.limit.AnalysisLimits;
import dev.gbpf.verifier.limit.Cancellation;
import dev.gbpf.verifier.limit.ResourceMeter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Explains the violations of one program. The work is bounded, whatever the program: what a way to the fault costs to find and to follow
 * is counted like the analysis, and what does not fit the limits any more is explained without one.
 */
public final class Explainer {
    private final ProgramText text;
    private final ResourceMeter meter;

    /** Explanations within the default limits. */
    public Explainer(ProgramText text) {
        this(text, ResourceMeter.start(AnalysisLimits.DEFAULT, Cancellation.NEVER));
    }

    /**
     * Explanations within limits.
     *
     * @param meter of these explanations alone; its clock may have run before
     */
    public Explainer(ProgramText text, ResourceMeter meter) {
        this.text = text;
        this.meter = meter;
    }

    /**
     * An explanation of each violation, in their order.
     *
     * @throws CancellationException when the work should stop
     */
    public List<Explanation> explain(AnalysisResult result) {
        AnalysisStates states = result.states();
        PathSearch search = states == null ? null : new PathSearch(states.countedBy(meter));
        List<Explanation> explanations = new ArrayList<>();
        for (Violation violation : result.violations()) {
            Explanation onPath = states == null || search == null ? null : onPath(violation, result, states, search);
            explanations.add(onPath != null ? onPath : plain(violation, result));
        }
        return explanations;
    }

    /** An explanation with a way to the fault; null for a fault at no single place, and when the limits do not allow it. */
    private @Nullable Explanation onPath(
            Violation violation, AnalysisResult result, AnalysisStates states, PathSearch search) {
        Violation.Fault fault = violation.fault();
        Assertion assertion = fault == null ? null : fault.assertion();
        if (fault == null || assertion == null) {
            return null;
        }
        long held = meter.held();
        try {
            AbstractPath path = search.to(violation, fault.block(), assertion);
            return onPath(violation, assertion, result, states.countedBy(meter), path);
        } catch (RejectionException limit) {
            return null;
        } finally {
            meter.release(meter.held() - held);
        }
    }

    private Explanation plain(Violation violation, AnalysisResult result) {
        AnalysisStates states = result.states();
        Violation.Fault fault = violation.fault();
        int shown = states == null || fault == null
                ? violation.index()
                : loopTest(text, states, fault.block(), violation.index());
        Fix fix = Fixes.of(new Fixes.Case(text, violation, shown, result, null, null));
        return new Explanation(
                text.type().name(),
                shown,
                violation,
                List.of(),
                List.of(),
                violation.subject(),
                history(violation.reasons()),
                fix);
    }

    /** The reasons of a violation, the nearest first, in the order of execution. */
    private static List<HistoryEvent> history(List<Violation.Reason> reasons) {
        List<HistoryEvent> history = new ArrayList<>();
        for (Violation.Reason reason : reasons.reversed()) {
            history.add(
                    new HistoryEvent(reason.index(), history.isEmpty() ? Kind.ORIGIN : Kind.COMPUTED, reason.text()));
        }
        return history;
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
