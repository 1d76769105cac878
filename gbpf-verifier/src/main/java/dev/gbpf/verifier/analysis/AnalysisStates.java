package dev.gbpf.verifier.analysis;

import dev.gbpf.verifier.assertion.Assertion;
import dev.gbpf.verifier.assertion.RejectionException;
import dev.gbpf.verifier.assertion.Violation;
import dev.gbpf.verifier.cfg.BasicBlock;
import dev.gbpf.verifier.cfg.ControlFlowGraph;
import dev.gbpf.verifier.cfg.WeakTopologicalOrder;
import dev.gbpf.verifier.limit.ResourceMeter;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * The states of the analysis that decided about a program, for explanation and for tests: nothing is analysed again to look at
 * them. They hold the whole graph, so whoever keeps them keeps memory in proportion to the program. Not thread-safe.
 */
public final class AnalysisStates {
    private final Fixpoint fixpoint;
    private final EbpfChecker checker;
    /** Counts what is interpreted again, and the states that come of it; null where nobody asks. */
    private final @Nullable ResourceMeter meter;

    AnalysisStates(Fixpoint fixpoint, EbpfChecker checker) {
        this(fixpoint, checker, null);
    }

    private AnalysisStates(Fixpoint fixpoint, EbpfChecker checker, @Nullable ResourceMeter meter) {
        this.fixpoint = fixpoint;
        this.checker = checker;
        this.meter = meter;
    }

    /** The same states, but every step that is interpreted again to look at them, and each state that it makes, is counted. */
    public AnalysisStates countedBy(ResourceMeter counter) {
        return new AnalysisStates(fixpoint, checker, counter);
    }

    public ControlFlowGraph graph() {
        return fixpoint.graph();
    }

    public WeakTopologicalOrder order() {
        return fixpoint.order();
    }

    /** How many instructions were interpreted to find them, each as often as it was, earlier attempts included. */
    public long interpreted() {
        return fixpoint.meter().interpreted();
    }

    /** What is known at the start of the program. */
    public List<EbpfState> atEntry() {
        return fixpoint.flow().atEntry().disjuncts();
    }

    /** What is known before a block: each execution that gets there is in one of the states; none when no execution does. */
    public List<EbpfState> before(int block) {
        return disjuncts(fixpoint.states().before(block));
    }

    /** What is known on an edge, likewise. */
    public List<EbpfState> onEdge(int edge) {
        return disjuncts(fixpoint.states().onEdge(edge));
    }

    /** Whether executions take an edge. */
    public boolean isTaken(int edge) {
        return fixpoint.states().onEdge(edge) != null;
    }

    /**
     * What holds after the instruction of an index, which does not branch; {@code state} stays as it is.
     *
     * @throws RejectionException when a limit of the counter is passed
     * @throws CancellationException when the work should stop
     */
    public EbpfState after(EbpfState state, int index) {
        count(1, index);
        EbpfState next = state.copy();
        fixpoint.transformer().apply(next, graph().program().get(index), index);
        return next;
    }

    /** What holds on an edge, given what does after the last instruction of its source; null when no execution takes it so. */
    public @Nullable EbpfState along(EbpfState state, int edge) {
        count(1, graph().block(graph().edgeSource(edge)).last());
        EbpfFlow.Leaving leaving = new EbpfFlow.Leaving();
        fixpoint.flow().leave(fixpoint.graph().edgeSource(edge), state.copy(), state, leaving);
        DisjunctiveState left = (edge & 1) == 0 ? leaving.next() : leaving.taken();
        return left == null ? null : left.disjuncts().getFirst();
    }

    /** Why a state does not prove an assertion of the instruction at {@code index}, or null when it does. */
    public @Nullable Violation check(Assertion assertion, EbpfState state, int index) {
        return checker.check(assertion, state, index);
    }

    /** Shows every state before every instruction that executions reach, in the order of the blocks. */
    public void observe(StateObserver observer) {
        for (int i = 0; i < order().size(); i++) {
            BasicBlock block = graph().block(order().block(i));
            for (EbpfState before : before(block.id())) {
                EbpfState state = before.copy();
                count(block.length(), block.first());
                for (int k = block.first(); k <= block.last(); k++) {
                    observer.observe(block.context(), k, state);
                    fixpoint.transformer().apply(state, graph().program().get(k), k);
                }
            }
        }
    }

    /**
     * Counts memory that is kept to look at the states.
     *
     * @throws RejectionException when the limit of the counter is passed
     */
    public void hold(long bytes) {
        if (meter != null) {
            meter.hold(bytes);
        }
    }

    private void count(int steps, int index) {
        if (meter != null) {
            meter.charge(steps, index);
        }
    }

    private static List<EbpfState> disjuncts(@Nullable DisjunctiveState state) {
        return state == null ? List.of() : state.disjuncts();
    }
}
