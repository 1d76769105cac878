package dev.gbpf.verifier.cfg;

import dev.gbpf.verifier.assertion.RejectionCode;
import dev.gbpf.verifier.assertion.RejectionException;
import dev.gbpf.verifier.assertion.Violation;
import java.util.Arrays;

/**
 * The natural loops of a graph and how they nest.
 *
 * <p>After R. E. Tarjan, "Testing flow graph reducibility", JCSS 1974: in reverse preorder of a depth-first tree, the body of
 * the loop with header h is found backwards from the sources of the edges to h from its descendants; a body once found is
 * collapsed into its header by union-find. If the search meets a block that is no descendant of h, the loop has a second entry.
 * Everything is iterative and nearly linear in the number of edges.
 */
final class LoopForest {
    private final ControlFlowGraph graph;
    private final DepthFirstOrder order;
    /** The header of the innermost loop that holds a block (of the enclosing loop for a header), or -1. */
    private final int[] enclosing;

    private final boolean[] header;
    private final int[] representative;
    private final int[] mark;

    private LoopForest(ControlFlowGraph graph, DepthFirstOrder order) {
        this.graph = graph;
        this.order = order;
        this.enclosing = new int[graph.size()];
        this.header = new boolean[graph.size()];
        this.representative = new int[graph.size()];
        this.mark = new int[graph.size()];
        Arrays.fill(enclosing, -1);
        Arrays.fill(mark, -1);
        Arrays.setAll(representative, i -> i);
    }

    /**
     * The loops of a graph.
     *
     * @throws RejectionException when a loop has more than one entry
     */
    static LoopForest of(ControlFlowGraph graph, DepthFirstOrder order) {
        LoopForest forest = new LoopForest(graph, order);
        for (int i = order.size() - 1; i >= 0; i--) {
            forest.findLoop(order.preorder(i));
        }
        return forest;
    }

    boolean isHeader(int block) {
        return header[block];
    }

    int enclosing(int block) {
        return enclosing[block];
    }

    private void findLoop(int candidate) {
        int[] body = new int[8];
        int size = 0;
        for (int i = 0; i < graph.inDegree(candidate); i++) {
            int source = graph.edgeSource(graph.inEdge(candidate, i));
            if (order.isAncestor(candidate, source)) {
                header[candidate] = true;
                int member = find(source);
                if (member != candidate && mark[member] != candidate) {
                    mark[member] = candidate;
                    body = append(body, size++, member);
                }
            }
        }
        for (int k = 0; k < size; k++) {
            int member = body[k];
            for (int i = 0; i < graph.inDegree(member); i++) {
                int source = graph.edgeSource(graph.inEdge(member, i));
                if (!order.isReachable(source) || order.isAncestor(member, source)) {
                    continue;
                }
                int outer = find(source);
                if (!order.isAncestor(candidate, outer)) {
                    throw irreducible(member);
                }
                if (outer != candidate && mark[outer] != candidate) {
                    mark[outer] = candidate;
                    body = append(body, size++, outer);
                }
            }
        }
        for (int k = 0; k < size; k++) {
            representative[body[k]] = candidate;
            enclosing[body[k]] = candidate;
        }
    }

    private RejectionException irreducible(int entry) {
        return new RejectionException(Violation.of(
                RejectionCode.IRREDUCIBLE_LOOP,
                graph.block(entry).first(),
                "the loop is entered at its first instruction only"));
    }

    private static int[] append(int[] list, int size, int value) {
        int[] grown = size == list.length ? Arrays.copyOf(list, size * 2) : list;
        grown[size] = value;
        return grown;
    }

    private int find(int block) {
        int root = block;
        while (representative[root] != root) {
            root = representative[root];
        }
        int at = block;
        while (representative[at] != root) {
            int up = representative[at];
            representative[at] = root;
            at = up;
        }
        return root;
    }
}
