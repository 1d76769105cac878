package dev.gbpf.verifier.analysis;

import dev.gbpf.isa.Instruction;
import dev.gbpf.verifier.cfg.BasicBlock;
import dev.gbpf.verifier.cfg.ControlFlowGraph;
import dev.gbpf.verifier.cfg.Liveness;
import dev.gbpf.verifier.cfg.WeakTopologicalOrder;
import dev.gbpf.verifier.domain.Scalar;
import dev.gbpf.verifier.limit.ResourceMeter;
import dev.gbpf.verifier.platform.ContextModel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The flow functions of a program: instructions one after the other, then the edges. */
final class EbpfFlow implements FlowFunctions<DisjunctiveState> {
    /** What a block costs besides its instructions: its edges' states are joined and compared. */
    private static final int STEPS_PER_BLOCK = 3;

    private final ControlFlowGraph graph;
    private final WeakTopologicalOrder order;
    private final EbpfTransformer transformer;
    private final Liveness liveness;
    private final ContextModel context;
    private final ResourceMeter meter;
    private final LoopCaps caps;
    private final InstructionCheck check;
    private final PlaceChanges changes;
    /** By block: see {@link #isProved}. */
    private final boolean[] proved;

    EbpfFlow(
            ControlFlowGraph graph,
            WeakTopologicalOrder order,
            Liveness liveness,
            EbpfTransformer transformer,
            ContextModel context,
            ResourceMeter meter,
            LoopCaps caps,
            InstructionCheck check) {
        this.graph = graph;
        this.order = order;
        this.liveness = liveness;
        this.transformer = transformer;
        this.context = context;
        this.meter = meter;
        this.caps = caps;
        this.check = check;
        this.changes = new PlaceChanges(graph.size(), meter);
        this.proved = new boolean[graph.size()];
    }

    /** Whether the assertions of a block's instructions were proved from the state before it that was found last. */
    boolean isProved(int block) {
        return proved[block];
    }

    /** What blocks of loops do to places; those of a block are from the state before it that was found last. */
    PlaceChanges changes() {
        return changes;
    }

    /** Notes that the assertions of a block of a loop are proved, now that the state before it is found. */
    void setProved(int block) {
        proved[block] = true;
    }

    @Override
    public DisjunctiveState atEntry() {
        return DisjunctiveState.of(
                switch (context) {
                    case ContextModel.Fields _ ->
                        EbpfState.atEntry(Value.Pointer.to(new Region.Context()), Value.Uninitialised.INSTANCE);
                    case ContextModel.RawMemory(int size) ->
                        EbpfState.atEntry(
                                size == 0
                                        ? Value.Numeric.of(Scalar.constant(0))
                                        : Value.Pointer.to(new Region.RawMemory(size)),
                                Value.Numeric.of(Scalar.constant(size)));
                });
    }

    @Override
    public void transfer(int block, DisjunctiveState before, boolean mayBeLast, @Nullable Object[] onEdges) {
        BasicBlock b = graph.block(block);
        Leaving leaving = new Leaving();
        // Blocks of loops are visited more often than once, and only the last visit counts. What is not proved now is
        // afterwards.
        boolean isLooped = order.isHeader(block) || order.enclosingHeader(block) >= 0;
        boolean holds = mayBeLast;
        transformer.expectAgain(isLooped);
        if (isLooped) {
            changes.begin(block);
        }
        List<EbpfState> disjuncts = before.disjuncts();
        // Counters are followed with one state for each point.
        boolean follows = isLooped && mayBeLast && disjuncts.size() == 1;
        for (int k = 0; k < disjuncts.size(); k++) {
            meter.interpret(b.length(), b.first());
            meter.charge(STEPS_PER_BLOCK + b.context().depth(), b.first());
            EbpfState state = disjuncts.get(k).copy();
            for (int i = b.first(); i <= b.last(); i++) {
                Instruction instruction = graph.program().get(i);
                holds = holds && check.violation(instruction, state, i, block) == null;
                if (follows) {
                    changes.add(instruction, state);
                }
                transformer.apply(state, instruction, i);
            }
            leave(block, state, disjuncts.get(k), leaving);
        }
        if (follows) {
            changes.end(block);
        }
        proved[block] = holds;
        onEdges[2 * block] = leaving.next();
        onEdges[2 * block + 1] = leaving.taken();
    }

    /** Gathers the states in which executions leave a block, to the next one and to the target of its jump. */
    static final class Leaving {
        private List<EbpfState> next = List.of();
        private List<EbpfState> taken = List.of();

        /** The states on the edge to the next block, or null when there is none. */
        @Nullable
        DisjunctiveState next() {
            return next.isEmpty() ? null : new DisjunctiveState(next);
        }

        /** The states on the edge to the target, or null when there is none. */
        @Nullable
        DisjunctiveState taken() {
            return taken.isEmpty() ? null : new DisjunctiveState(taken);
        }

        private static List<EbpfState> with(List<EbpfState> states, EbpfState state) {
            if (states.isEmpty()) {
                return List.of(state);
            }
            List<EbpfState> more = new ArrayList<>(states);
            more.add(state);
            return more;
        }
    }

    /**
     * Adds the states on the edges of a block.
     *
     * @param after the one after its last instruction, which is used up
     * @param before the one before its first
     */
    void leave(int block, EbpfState after, EbpfState before, Leaving leaving) {
        BasicBlock b = graph.block(block);
        switch (graph.program().get(b.last())) {
            case Instruction.CondJump jump -> {
                EbpfState whenTaken = after.copy();
                if (BranchRefinement.refine(whenTaken, jump, true)) {
                    taken(block, whenTaken, before, leaving);
                }
                if (BranchRefinement.refine(after, jump, false)) {
                    next(block, after, before, leaving);
                }
            }
            case Instruction.CallLocal call -> {
                after.push();
                next(block, after, before, leaving);
            }
            case Instruction.Exit exit -> {
                if (graph.next(block) >= 0) {
                    after.pop();
                    next(block, after, before, leaving);
                }
            }
            default -> next(block, after, before, leaving);
        }
    }

    private void next(int block, EbpfState state, EbpfState before, Leaving leaving) {
        if (arrives(graph.next(block), state, before)) {
            leaving.next = Leaving.with(leaving.next, state);
        }
    }

    private void taken(int block, EbpfState state, EbpfState before, Leaving leaving) {
        if (arrives(graph.taken(block), state, before)) {
            leaving.taken = Leaving.with(leaving.taken, state);
        }
    }

    /** Completes the state on an edge to a block; false when no execution is left. */
    private boolean arrives(int target, EbpfState state, EbpfState before) {
        if (order.isHeader(target) && !caps.restrict(target, state)) {
            return false;
        }
        // Where paths meet there is less to join and to compare without the values that nobody reads again.
        if (graph.inDegree(target) > 1) {
            state.retain(liveness.registers(target), liveness.slots(target));
        }
        state.measure(before);
        return true;
    }
}
