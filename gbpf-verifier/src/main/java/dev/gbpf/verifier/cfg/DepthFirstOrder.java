package dev.gbpf.verifier.cfg;

import java.util.Arrays;

/** A depth-first spanning tree of the blocks that the entry reaches, and its orders. Built without recursion. */
final class DepthFirstOrder {
    private final int[] preorder;
    private final int[] postorder;
    /** Position in preorder, or -1 for an unreachable block. */
    private final int[] number;
    /** The greatest preorder position among the descendants. */
    private final int[] lastDescendant;

    private int visited;
    private int finished;

    private DepthFirstOrder(int size) {
        this.preorder = new int[size];
        this.postorder = new int[size];
        this.number = new int[size];
        this.lastDescendant = new int[size];
        Arrays.fill(number, -1);
    }

    static DepthFirstOrder of(ControlFlowGraph graph) {
        DepthFirstOrder order = new DepthFirstOrder(graph.size());
        int[] stack = new int[graph.size() + 1];
        byte[] explored = new byte[graph.size()];
        int depth = 0;
        stack[depth++] = 0;
        order.enter(0);
        while (depth > 0) {
            int block = stack[depth - 1];
            if (explored[block] == 2) {
                order.lastDescendant[block] = order.visited - 1;
                order.postorder[order.finished++] = block;
                depth--;
                continue;
            }
            int successor = explored[block]++ == 0 ? graph.next(block) : graph.taken(block);
            if (successor >= 0 && order.number[successor] < 0) {
                order.enter(successor);
                stack[depth++] = successor;
            }
        }
        return order;
    }

    private void enter(int block) {
        number[block] = visited;
        preorder[visited++] = block;
    }

    /** How many blocks the entry reaches. */
    int size() {
        return visited;
    }

    int preorder(int position) {
        return preorder[position];
    }

    /** The block at a position of reverse postorder: without back edges, a topological order. */
    int reversePostorder(int position) {
        return postorder[finished - 1 - position];
    }

    boolean isReachable(int block) {
        return number[block] >= 0;
    }

    /** Whether {@code block}, or {@code other} itself, is on the tree path from the root to {@code other}. */
    boolean isAncestor(int block, int other) {
        return number[block] <= number[other] && number[other] <= lastDescendant[block];
    }
}
