package dev.gbpf.verifier.cfg;

import java.util.Arrays;

/**
 * For each block the nearest other block that every way from it to the program's end goes through (K. Cooper, T. Harvey and
 * K. Kennedy, "A simple, fast dominance algorithm", 2001, on the reversed graph).
 */
public final class PostDominators {
    /** No such block: ways meet at the program's end only, or none gets there. */
    public static final int NONE = -1;

    private final ControlFlowGraph graph;
    /** Number in an order in which each block comes after those that it leads to, but for loops; or -1. */
    private final int[] number;

    private final int[] block;
    private final int[] parent;
    private int count;

    private PostDominators(ControlFlowGraph graph) {
        this.graph = graph;
        this.number = new int[graph.size()];
        this.block = new int[graph.size()];
        this.parent = new int[graph.size()];
        Arrays.fill(number, NONE);
        Arrays.fill(parent, NONE);
    }

    /** The post-dominators of a graph, with all its edges: an engine knows no more of a program. */
    public static PostDominators of(ControlFlowGraph graph) {
        PostDominators result = new PostDominators(graph);
        result.orderFromExits();
        result.solve();
        return result;
    }

    /** The nearest block that all ways from {@code of} go through, or {@link #NONE}. */
    public int immediate(int of) {
        int at = number[of] < 0 ? NONE : parent[of];
        return at < 0 || at == count ? NONE : block[at];
    }

    /** Numbers the blocks from which an end is reached, in reverse postorder of the reversed graph. */
    private void orderFromExits() {
        int[] postorder = new int[graph.size()];
        boolean[] seen = new boolean[graph.size()];
        int[] stack = new int[graph.size()];
        int[] explored = new int[graph.size()];
        for (int exit = 0; exit < graph.size(); exit++) {
            if (graph.next(exit) >= 0 || graph.taken(exit) >= 0 || seen[exit]) {
                continue;
            }
            int depth = 0;
            seen[exit] = true;
            stack[depth++] = exit;
            while (depth > 0) {
                int at = stack[depth - 1];
                if (explored[at] == graph.inDegree(at)) {
                    depth--;
                    postorder[count++] = at;
                    continue;
                }
                int source = graph.edgeSource(graph.inEdge(at, explored[at]++));
                if (!seen[source]) {
                    seen[source] = true;
                    stack[depth++] = source;
                }
            }
        }
        for (int i = 0; i < count; i++) {
            int at = postorder[count - 1 - i];
            number[at] = i;
            block[i] = at;
        }
    }

    /** Parents are numbers, {@code count} the end that all exits lead to. */
    private void solve() {
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int i = 0; i < count; i++) {
                int at = block[i];
                int found = graph.next(at) < 0 && graph.taken(at) < 0 ? count : NONE;
                for (int edge = 2 * at; edge <= 2 * at + 1; edge++) {
                    int target = graph.edgeTarget(edge);
                    if (target >= 0 && number[target] >= 0 && parent[target] != NONE) {
                        found = found == NONE ? number[target] : common(found, number[target]);
                    }
                }
                if (found != parent[at]) {
                    parent[at] = found;
                    changed = true;
                }
            }
        }
    }

    private int common(int a, int b) {
        while (a != b) {
            if (a == count || b == count) {
                return count;
            }
            if (a > b) {
                a = parent[block[a]];
            } else {
                b = parent[block[b]];
            }
        }
        return a;
    }
}
