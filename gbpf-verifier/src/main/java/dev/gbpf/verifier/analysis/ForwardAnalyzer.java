package dev.gbpf.verifier.analysis;

import dev.gbpf.verifier.cfg.ControlFlowGraph;
import dev.gbpf.verifier.cfg.WeakTopologicalOrder;
import dev.gbpf.verifier.domain.AbstractDomain;
import dev.gbpf.verifier.limit.ResourceMeter;
import org.jspecify.annotations.Nullable;

/**
 * Finds a state before each block and on each edge that holds all executions: a post-fixpoint of the flow functions.
 *
 * @param <S> states; never changed once stored
 */
final class ForwardAnalyzer<S> {
    /*
     * Iteration: the recursive strategy of Bourdoncle, without recursion. Blocks are visited in weak topological order. At the
     * end of a loop's stretch the state that its header should have is computed again from all edges into it, and the loop is
     * visited again from its header until that changes nothing. Inner loops are stabilised in every visit of an outer one; while that
     * one ascends they go on from where they were.
     *
     * A loop goes through phases. ASCENDING: the header's state is widened until it is stable. NARROWING: the stable state is
     * replaced by what the edges really bring, a smaller one, and the loop is visited once more; if the edges then bring no
     * more than that, it is stable too, else (the flow functions need not be monotone) the widened state comes back. SETTLING:
     * the last visit with the state that stays, so that edges and inner blocks agree with it.
     *
     * Soundness does not rest on any of this: the caller checks afterwards that every block's outcome is included in the
     * states that were found (see ProgramAnalysis).
     */
    private enum Phase {
        ASCENDING,
        NARROWING,
        SETTLING
    }

    private static final int MAX_NARROWINGS = 2;

    /** Looking at this many edges that bring nothing is as much work as interpreting an instruction. */
    private static final int EDGES_PER_STEP = 16;

    private final ControlFlowGraph graph;
    private final WeakTopologicalOrder order;
    private final AbstractDomain<S> domain;
    private final FlowFunctions<S> flow;
    private final ResourceMeter meter;
    private final @Nullable Object[] before;
    private final @Nullable Object[] onEdges;
    /** By edge: a state before the block where it leads that was found to include the state on it. */
    private final @Nullable Object[] holders;
    /** The state that a block's outcome was last computed from. */
    private final @Nullable Object[] visitedWith;
    /** Loops that are being stabilised, the innermost last. */
    private @Nullable Loop<S> innermost;

    /** The work on one loop. */
    private static final class Loop<S> {
        final int header;
        final @Nullable Loop<S> outer;
        /** Whether it started from the state that it was left with before. */
        final boolean goesOn;

        Phase phase = Phase.ASCENDING;
        int widenings;
        int narrowings;
        boolean mayNarrow = true;
        /** The stable state that a narrowing replaced. */
        @Nullable
        S widened;

        Loop(int header, @Nullable Loop<S> outer, boolean goesOn) {
            this.header = header;
            this.outer = outer;
            this.goesOn = goesOn;
        }

        /** Whether the visit that goes on may be the last: not of a loop, or around it one, of which only the first iteration was seen. */
        boolean mayBeLast() {
            for (Loop<S> loop = this; loop != null; loop = loop.outer) {
                if (loop.widenings == 0 && !loop.goesOn) {
                    return false;
                }
            }
            return true;
        }
    }

    ForwardAnalyzer(
            ControlFlowGraph graph,
            WeakTopologicalOrder order,
            AbstractDomain<S> domain,
            FlowFunctions<S> flow,
            ResourceMeter meter) {
        this.graph = graph;
        this.order = order;
        this.domain = domain;
        this.flow = flow;
        this.meter = meter;
        this.before = new Object[graph.size()];
        this.onEdges = new Object[2 * graph.size()];
        this.holders = new Object[2 * graph.size()];
        this.visitedWith = new Object[graph.size()];
    }

    /** Looks at outermost loops. */
    interface LoopListener {
        /** Whether the loop of a header, which has become stable, is left; else it is analysed from the start once more. */
        boolean isDone(int header);
    }

    /** Runs to the end. */
    void run(LoopListener listener) {
        int at = 0;
        while (at < order.size()) {
            int block = order.block(at);
            boolean resumed = innermost != null && innermost.header == block;
            if (!resumed) {
                S state = incoming(block, true);
                if (order.isHeader(block)) {
                    S known = known(block);
                    if (state == null || (known != null && domain.includes(known, state))) {
                        if (state == null && before[block] != null) {
                            clear(at, order.loopEnd(block));
                        }
                        at = closeLoops(order.loopEnd(block), listener);
                        continue;
                    }
                    state = known == null ? state : domain.join(known, state);
                    innermost = new Loop<>(block, innermost, known != null);
                }
                setBefore(block, state);
                if (innermost == null) {
                    compareEntering(block);
                }
            }
            visit(block);
            at = closeLoops(at + 1, listener);
        }
    }

    /** The caller will ask for this once more when all states are found; now they are at hand. */
    private void compareEntering(int block) {
        for (int i = 0; i < graph.inDegree(block); i++) {
            isIncluded(graph.inEdge(block, i));
        }
    }

    /** The state before a block, or null when no execution reaches it. */
    @SuppressWarnings("unchecked")
    @Nullable
    S before(int block) {
        return (S) before[block];
    }

    /** The state on an edge, or null when no execution takes it. */
    @SuppressWarnings("unchecked")
    @Nullable
    S onEdge(int edge) {
        return (S) onEdges[edge];
    }

    /** Whether the states on a block's edges are what the flow function made of the state before it. */
    @SuppressWarnings("ReferenceEquality") // states do not change
    boolean isComputed(int block) {
        return visitedWith[block] == before[block];
    }

    /** Whether the state on an edge, if executions take it, is in the one before the block where it leads; looked at once. */
    @SuppressWarnings("ReferenceEquality") // states do not change
    boolean isIncluded(int edge) {
        S state = onEdge(edge);
        if (state == null) {
            return true;
        }
        S found = before(graph.edgeTarget(edge));
        if (found == null || (holders[edge] != found && !domain.includes(found, state))) {
            return false;
        }
        holders[edge] = found;
        return true;
    }

    /**
     * The state that an inner loop was left stable with in the last visit of the loop around it, or null. While that one ascends it
     * is where the inner loop goes on: what holds there holds for more executions with each visit.
     */
    private @Nullable S known(int header) {
        boolean ascends = innermost != null
                && innermost.phase == Phase.ASCENDING
                && (innermost.widenings > 0 || innermost.goesOn);
        return ascends ? before(header) : null;
    }

    private void visit(int block) {
        S state = before(block);
        visitedWith[block] = state;
        clearEdges(block);
        if (state != null) {
            flow.transfer(block, state, innermost == null || innermost.mayBeLast(), onEdges);
            meter.hold(bytes(onEdge(2 * block)) + bytes(onEdge(2 * block + 1)));
        } else {
            meter.charge(1);
        }
    }

    private void setBefore(int block, @Nullable S state) {
        // Where one edge leads, its state is the block's.
        if (block == 0 || graph.inDegree(block) > 1) {
            meter.release(bytes(before(block)));
            meter.hold(bytes(state));
        }
        before[block] = state;
    }

    private void clearEdges(int block) {
        meter.release(bytes(onEdge(2 * block)) + bytes(onEdge(2 * block + 1)));
        onEdges[2 * block] = null;
        onEdges[2 * block + 1] = null;
        holders[2 * block] = null;
        holders[2 * block + 1] = null;
    }

    private long bytes(@Nullable S state) {
        return state == null ? 0 : domain.bytes(state);
    }

    private void clear(int from, int to) {
        for (int i = from; i < to; i++) {
            int block = order.block(i);
            setBefore(block, null);
            visitedWith[block] = null;
            clearEdges(block);
        }
    }

    /** The union of what the edges into a block bring; for a header without those of its own loop if {@code forwardOnly}. */
    private @Nullable S incoming(int block, boolean forwardOnly) {
        meter.charge(graph.inDegree(block) / EDGES_PER_STEP);
        S union = block == 0 ? flow.atEntry() : null;
        for (int i = 0; i < graph.inDegree(block); i++) {
            int edge = graph.inEdge(block, i);
            S state = onEdge(edge);
            if (state == null || (forwardOnly && order.isBackEdge(edge))) {
                continue;
            }
            union = union == null ? state : domain.join(union, state);
        }
        return union;
    }

    /** Handles the ends of all loops whose stretch ends at {@code at}; returns where to go on. */
    private int closeLoops(int at, LoopListener listener) {
        Loop<S> loop = innermost;
        while (loop != null && order.loopEnd(loop.header) == at) {
            S current = before(loop.header);
            if (current == null) {
                throw new IllegalStateException("a loop is stabilised that no execution enters: block=" + loop.header);
            }
            S replacement = advance(loop, current);
            if (replacement != null) {
                setBefore(loop.header, replacement);
                return order.position(loop.header);
            }
            innermost = loop.outer;
            if (innermost == null && !listener.isDone(loop.header)) {
                int begin = order.position(loop.header);
                clear(begin, at);
                return begin;
            }
            loop = innermost;
        }
        return at;
    }

    /** The state with which to visit the loop again, or null when it is done. */
    private @Nullable S advance(Loop<S> loop, S current) {
        if (!holdsIterations(loop.header)) {
            if (loop.phase == Phase.NARROWING && loop.widened != null) {
                loop.phase = Phase.SETTLING;
                loop.mayNarrow = false;
                return loop.widened;
            }
            loop.phase = Phase.ASCENDING;
            loop.mayNarrow &= loop.widened == null;
            return widened(current, loop);
        }
        if (!loop.mayNarrow
                || loop.widenings == 0
                || loop.phase == Phase.SETTLING
                || loop.narrowings == MAX_NARROWINGS) {
            return null;
        }
        S next = incoming(loop.header, false);
        if (next == null || domain.includes(next, current)) {
            return null;
        }
        loop.phase = Phase.NARROWING;
        loop.narrowings++;
        loop.widened = current;
        return next;
    }

    /** Whether the state before a header holds what its loop's edges bring back to it; what enters is in it from the start. */
    private boolean holdsIterations(int header) {
        for (int i = 0; i < graph.inDegree(header); i++) {
            int edge = graph.inEdge(header, i);
            if (order.isBackEdge(edge) && !isIncluded(edge)) {
                return false;
            }
        }
        return true;
    }

    private S widened(S current, Loop<S> loop) {
        S widened = current;
        for (int i = 0; i < graph.inDegree(loop.header); i++) {
            int edge = graph.inEdge(loop.header, i);
            S back = order.isBackEdge(edge) ? onEdge(edge) : null;
            if (back != null) {
                widened = domain.widen(widened, back, loop.header, loop.widenings);
            }
        }
        loop.widenings++;
        return widened;
    }
}
