package dev.gbpf.verifier.analysis;

import dev.gbpf.isa.Instruction;
import dev.gbpf.verifier.cfg.BasicBlock;
import dev.gbpf.verifier.cfg.ControlFlowGraph;
import dev.gbpf.verifier.cfg.WeakTopologicalOrder;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * The greatest weight of any execution.
 *
 * <p>Without its back edges the graph has no cycles, and the heaviest path is found in weak topological order. One run of a
 * loop takes its back edges at most {@code n} times, so besides the path through the loop that it leaves on it costs at most
 * {@code n} times the heaviest path from the header to a back edge. That is added to every path that enters the loop, once its
 * stretch is done, so an outer loop counts it for each of its own iterations.
 */
final class Cost {
    /** Stands for this or any greater number. */
    static final long MANY = LoopBound.MANY;

    private final ControlFlowGraph graph;
    private final WeakTopologicalOrder order;
    private final ForwardAnalyzer<DisjunctiveState> states;
    private final long[] iterations;

    Cost(Fixpoint fixpoint, List<LoopBound> bounds) {
        this.graph = fixpoint.graph();
        this.order = fixpoint.order();
        this.states = fixpoint.states();
        this.iterations = new long[graph.size()];
        for (LoopBound bound : bounds) {
            iterations[bound.header()] = bound.iterations();
        }
    }

    /** Instructions executed, at most; {@link #MANY} stands for that or more. */
    long instructions() {
        return heaviest(BasicBlock::length);
    }

    /** Helpers called, at most. */
    long helperCalls() {
        return heaviest(this::helperCallsIn);
    }

    private long helperCallsIn(BasicBlock block) {
        long calls = 0;
        for (int i = block.first(); i <= block.last(); i++) {
            if (graph.program().get(i) instanceof Instruction.CallHelper) {
                calls++;
            }
        }
        return calls;
    }

    private long heaviest(ToLongFunction<BasicBlock> weight) {
        // Weight of the heaviest path up to and with a block, and up to a block without it.
        long[] through = new long[graph.size()];
        long[] upTo = new long[graph.size()];
        int[] open = new int[graph.size()];
        int depth = 0;
        long greatest = 0;
        for (int i = 0; i < order.size(); i++) {
            int block = order.block(i);
            if (states.before(block) != null) {
                upTo[block] = heaviestEntry(block, through);
                through[block] = sum(upTo[block], weight.applyAsLong(graph.block(block)));
            }
            if (order.isHeader(block)) {
                open[depth++] = block;
            }
            while (depth > 0 && order.loopEnd(open[depth - 1]) == i + 1) {
                repeat(open[--depth], upTo, through);
            }
        }
        for (int i = 0; i < order.size(); i++) {
            int block = order.block(i);
            // Executions end where nothing follows; a block of a loop is only passed on the way there.
            if (states.before(block) != null && graph.next(block) < 0) {
                greatest = Math.max(greatest, through[block]);
            }
        }
        return greatest;
    }

    private long heaviestEntry(int block, long[] through) {
        long heaviest = 0;
        for (int k = 0; k < graph.inDegree(block); k++) {
            int edge = graph.inEdge(block, k);
            if (!order.isBackEdge(edge) && states.onEdge(edge) != null) {
                heaviest = Math.max(heaviest, through[graph.edgeSource(edge)]);
            }
        }
        return heaviest;
    }

    /** Adds the iterations of a finished loop to all paths that enter it. */
    private void repeat(int header, long[] upTo, long[] through) {
        if (states.before(header) == null) {
            return;
        }
        long iteration = 0;
        for (int k = 0; k < graph.inDegree(header); k++) {
            int edge = graph.inEdge(header, k);
            if (order.isBackEdge(edge) && states.onEdge(edge) != null) {
                iteration = Math.max(iteration, through[graph.edgeSource(edge)] - upTo[header]);
            }
        }
        long all = product(iterations[header], iteration);
        for (int i = order.position(header); i < order.loopEnd(header); i++) {
            through[order.block(i)] = sum(through[order.block(i)], all);
        }
    }

    /** Saturated: the sum of two times {@link #MANY} does not fit a long. */
    private static long sum(long a, long b) {
        return a >= MANY - b ? MANY : a + b;
    }

    private static long product(long a, long b) {
        return b != 0 && a > MANY / b ? MANY : Math.min(a * b, MANY);
    }
}
