package dev.gbpf.verifier.analysis;

import dev.gbpf.verifier.cfg.ControlFlowGraph;
import dev.gbpf.verifier.cfg.WeakTopologicalOrder;
import dev.gbpf.verifier.limit.ResourceMeter;
import org.jspecify.annotations.Nullable;

/**
 * The states of a program, and what they were found with.
 *
 * @param graph its blocks
 * @param order the order of the blocks, and the loops
 * @param states before blocks and on edges
 * @param domain the lattice of the states
 * @param transformer what instructions make of a state
 * @param flow what blocks make of a state
 * @param meter counts what it takes
 */
record Fixpoint(
        ControlFlowGraph graph,
        WeakTopologicalOrder order,
        ForwardAnalyzer<DisjunctiveState> states,
        StateDomain domain,
        EbpfTransformer transformer,
        EbpfFlow flow,
        ResourceMeter meter) {

    /** The union of the states on the edges into a loop's header: those from the loop, or those from outside; or null. */
    @Nullable
    EbpfState atHeader(int header, boolean back) {
        DisjunctiveState union = header == 0 && !back ? flow.atEntry() : null;
        for (int i = 0; i < graph.inDegree(header); i++) {
            int edge = graph.inEdge(header, i);
            DisjunctiveState state = states.onEdge(edge);
            if (state != null && order.isBackEdge(edge) == back) {
                union = union == null ? state : domain.join(union, state);
            }
        }
        return union == null ? null : union.joined();
    }

    /**
     * Whether the states on a block's edges are what the flow functions make of the one before it, and are included in those found where
     * they lead, as far as that is before position {@code end} of the order.
     */
    boolean confirms(int block, int end) {
        return states.isComputed(block) && confirmsEdge(2 * block, end) && confirmsEdge(2 * block + 1, end);
    }

    private boolean confirmsEdge(int edge, int end) {
        return graph.edgeTarget(edge) < 0 || order.position(graph.edgeTarget(edge)) >= end || states.isIncluded(edge);
    }

    /** Whether the state before a block holds what is known at the start of the program, if it starts there, and on the edges into it. */
    boolean confirmsEntry(int block) {
        DisjunctiveState found = states.before(block);
        boolean holds = block != 0 || (found != null && domain.includes(found, flow.atEntry()));
        for (int i = 0; i < graph.inDegree(block) && holds; i++) {
            holds = states.isIncluded(graph.inEdge(block, i));
        }
        return holds;
    }

    /** One state that holds all executions before a block, or null when none gets there. */
    @Nullable
    EbpfState joinedBefore(int block) {
        DisjunctiveState before = states.before(block);
        return before == null ? null : before.joined();
    }
}
