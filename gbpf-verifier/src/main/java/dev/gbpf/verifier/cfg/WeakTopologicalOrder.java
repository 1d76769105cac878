package dev.gbpf.verifier.cfg;

import dev.gbpf.verifier.assertion.RejectionException;
import java.util.Arrays;

/**
 * An order of the reachable blocks in which every edge leads forward, except those back to the header of a loop that holds
 * their source; and in which each loop is one stretch that begins with its header (F. Bourdoncle, "Efficient chaotic iteration
 * strategies with widenings", 1993).
 *
 * <p>For a reducible graph it follows from the loops: within a loop, its blocks and the headers of its inner loops stand in
 * reverse postorder, and each inner loop follows its header. An edge out of an inner loop leads to a block that comes later in
 * reverse postorder than its source, which comes later than the header that dominates it; an edge into one enters by its header.
 */
public final class WeakTopologicalOrder {
    private final ControlFlowGraph graph;
    private final LoopForest loops;
    private final int[] order;
    private final int[] position;
    /** For each header, the position after its loop. */
    private final int[] end;

    private final DominatorTree dominators;

    private WeakTopologicalOrder(ControlFlowGraph graph, LoopForest loops, int size) {
        this.graph = graph;
        this.loops = loops;
        this.order = new int[size];
        this.position = new int[graph.size()];
        this.end = new int[graph.size()];
        Arrays.fill(position, -1);
        this.dominators = new DominatorTree(graph.size());
    }

    /**
     * The order of a graph.
     *
     * @throws RejectionException when a loop has more than one entry
     */
    public static WeakTopologicalOrder of(ControlFlowGraph graph) {
        DepthFirstOrder depthFirst = DepthFirstOrder.of(graph);
        LoopForest loops = LoopForest.of(graph, depthFirst);
        WeakTopologicalOrder result = new WeakTopologicalOrder(graph, loops, depthFirst.size());
        result.arrange(depthFirst);
        result.findDominators();
        return result;
    }

    private void arrange(DepthFirstOrder depthFirst) {
        // Children of a loop, by its header; of no loop, by the number one past the last block. In reverse postorder.
        int root = graph.size();
        int[] firstChild = new int[root + 1];
        int[] nextSibling = new int[root];
        Arrays.fill(firstChild, -1);
        Arrays.fill(nextSibling, -1);
        for (int i = depthFirst.size() - 1; i >= 0; i--) {
            int block = depthFirst.reversePostorder(i);
            int parent = loops.enclosing(block) < 0 ? root : loops.enclosing(block);
            nextSibling[block] = firstChild[parent];
            firstChild[parent] = block;
        }
        int[] open = new int[root + 1];
        int depth = 0;
        int placed = 0;
        int at = firstChild[root];
        while (at >= 0 || depth > 0) {
            if (at < 0) {
                int closed = open[--depth];
                end[closed] = placed;
                at = nextSibling[closed];
                continue;
            }
            position[at] = placed;
            order[placed++] = at;
            if (loops.isHeader(at)) {
                open[depth++] = at;
                at = firstChild[at];
            } else {
                at = nextSibling[at];
            }
        }
    }

    private void findDominators() {
        for (int i = 1; i < order.length; i++) {
            int block = order[i];
            int dominator = -1;
            for (int k = 0; k < graph.inDegree(block); k++) {
                int source = graph.edgeSource(graph.inEdge(block, k));
                if (position[source] >= 0 && position[source] < i) {
                    dominator = dominator < 0 ? source : dominators.commonAncestor(dominator, source);
                }
            }
            dominators.add(block, dominator);
        }
    }

    /** How many blocks are reachable. */
    public int size() {
        return order.length;
    }

    /** The block at a position. */
    public int block(int position) {
        return order[position];
    }

    /** The position of a block, or -1 when it is unreachable. */
    public int position(int block) {
        return position[block];
    }

    /** Whether a loop begins with this block. */
    public boolean isHeader(int block) {
        return loops.isHeader(block);
    }

    /** The position after the loop of a header. */
    public int loopEnd(int header) {
        return end[header];
    }

    /** The header of the innermost loop around a block, or around the loop when the block is a header; -1 when there is none. */
    public int enclosingHeader(int block) {
        return loops.enclosing(block);
    }

    /** Whether a loop holds a block; its header is one of its blocks. */
    public boolean contains(int header, int block) {
        return position[header] <= position[block] && position[block] < end[header];
    }

    /** Whether an edge leads back to the header of a loop that its source is in. */
    public boolean isBackEdge(int edge) {
        int source = position[graph.edgeSource(edge)];
        int target = position[graph.edgeTarget(edge)];
        return source >= target;
    }

    /** The block that is on every path from the entry to {@code block} and nearest to it; -1 for the entry. */
    public int immediateDominator(int block) {
        return dominators.parent(block);
    }

    /** The block that is on every path to either of two blocks and nearest to them; one of them may be it. */
    public int commonDominator(int a, int b) {
        return dominators.commonAncestor(a, b);
    }
}
