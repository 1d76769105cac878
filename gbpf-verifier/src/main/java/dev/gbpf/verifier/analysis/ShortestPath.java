package dev.gbpf.verifier.analysis;

import dev.gbpf.isa.Instruction;
import dev.gbpf.verifier.assertion.Violation.BranchStep;
import dev.gbpf.verifier.cfg.ControlFlowGraph;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/** Finds a way through the graph with the fewest blocks, on edges that executions can take. */
final class ShortestPath {
    private ShortestPath() {}

    /** The conditional jumps on a shortest way from the entry to a block. */
    static List<BranchStep> to(int block, ControlFlowGraph graph, ForwardAnalyzer<DisjunctiveState> states) {
        int[] reachedBy = new int[graph.size()];
        Arrays.fill(reachedBy, -1);
        Deque<Integer> queue = new ArrayDeque<>();
        queue.add(0);
        while (!queue.isEmpty() && reachedBy[block] < 0 && block != 0) {
            int at = queue.remove();
            for (int edge = 2 * at; edge <= 2 * at + 1; edge++) {
                int target = graph.edgeTarget(edge);
                if (target > 0 && reachedBy[target] < 0 && states.onEdge(edge) != null) {
                    reachedBy[target] = edge;
                    queue.add(target);
                }
            }
        }
        List<BranchStep> steps = new ArrayList<>();
        for (int at = block; at != 0 && reachedBy[at] >= 0; at = graph.edgeSource(reachedBy[at])) {
            int edge = reachedBy[at];
            int last = graph.block(graph.edgeSource(edge)).last();
            if (graph.program().get(last) instanceof Instruction.CondJump) {
                steps.add(new BranchStep(last, (edge & 1) != 0));
            }
        }
        Collections.reverse(steps);
        return steps;
    }
}
