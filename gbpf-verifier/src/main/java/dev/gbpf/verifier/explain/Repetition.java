package dev.gbpf.verifier.explain;

import dev.gbpf.verifier.analysis.AnalysisStates;
import dev.gbpf.verifier.analysis.LoopBound;
import dev.gbpf.verifier.cfg.ControlFlowGraph;
import dev.gbpf.verifier.cfg.WeakTopologicalOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How often each block is executed in one run of the program, at most. A loop with bound n goes back n times, so its blocks are
 * executed n times, and once more if they lie on a way from its head out of it; loops around it multiply that.
 */
final class Repetition {
    private final ControlFlowGraph graph;
    private final WeakTopologicalOrder order;
    private final long[] times;
    /** For each head whether an iteration may be the last one and yet be whole. */
    private final Map<Integer, Boolean> last = new HashMap<>();

    Repetition(AnalysisStates states, List<LoopBound> bounds) {
        this.graph = states.graph();
        this.order = states.order();
        this.times = new long[graph.size()];
        for (int i = 0; i < order.size(); i++) {
            int block = order.block(i);
            times[block] = states.before(block).isEmpty() ? 0 : 1;
        }
        for (LoopBound bound : bounds) {
            multiply(states, bound);
        }
    }

    long of(int block) {
        return times[block];
    }

    /** How often the body of a loop is executed in one run of the loop, at most. */
    long iterations(LoopBound loop) {
        return last.getOrDefault(loop.header(), false) ? sum(loop.iterations(), 1) : loop.iterations();
    }

    private void multiply(AnalysisStates states, LoopBound bound) {
        int begin = order.position(bound.header());
        int end = order.loopEnd(bound.header());
        boolean[] leaves = new boolean[end - begin];
        // Backwards, edges within the loop lead to blocks that are done, but for back edges of inner loops: their heads
        // decide.
        for (int i = end - 1; i >= begin; i--) {
            leaves[i - begin] = leaves(states, order.block(i), bound.header(), leaves, begin, end);
        }
        for (int i = 0; i < graph.inDegree(bound.header()); i++) {
            int edge = graph.inEdge(bound.header(), i);
            boolean leaving = order.isBackEdge(edge) && leaves[order.position(graph.edgeSource(edge)) - begin];
            last.merge(bound.header(), leaving, Boolean::logicalOr);
        }
        for (int i = begin; i < end; i++) {
            int head = order.enclosingHeader(order.block(i));
            boolean inner = head >= 0 && head != bound.header() && order.position(head) > begin;
            boolean once = leaves[i - begin] || (inner && leaves[order.position(head) - begin]);
            times[order.block(i)] =
                    product(times[order.block(i)], once ? sum(bound.iterations(), 1) : bound.iterations());
        }
    }

    private boolean leaves(AnalysisStates states, int block, int header, boolean[] leaves, int begin, int end) {
        boolean isExit = graph.next(block) < 0;
        for (int edge = 2 * block; edge <= 2 * block + 1; edge++) {
            int target = graph.edgeTarget(edge);
            if (target < 0 || target == header || !states.isTaken(edge)) {
                continue;
            }
            int position = order.position(target);
            boolean outside = position < begin || position >= end;
            isExit |= outside || (position > order.position(block) && leaves[position - begin]);
        }
        return isExit;
    }

    static long sum(long a, long b) {
        return a >= LoopBound.MANY - b ? LoopBound.MANY : a + b;
    }

    static long product(long a, long b) {
        return b != 0 && a > LoopBound.MANY / b ? LoopBound.MANY : a * b;
    }
}
