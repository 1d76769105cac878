package dev.gbpf.verifier.analysis;

import dev.gbpf.verifier.cfg.BasicBlock;
import dev.gbpf.verifier.cfg.ControlFlowGraph;
import dev.gbpf.verifier.cfg.WeakTopologicalOrder;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the constants at which the bounds of each place of a loop are likely to rest: those that the loop's tests compare it with.
 * What is copied from place to place counts for all of them. Where a test compares registers, what the others hold counts.
 *
 * <p>A place that no test of the loop speaks of has nothing to stop it, so there is no use in letting it climb.
 */
final class ThresholdCollector {
    private static final int KEPT = 16;

    private final ControlFlowGraph graph;
    private final WeakTopologicalOrder order;
    /** The loops that were asked for last: mostly the nest that is being stabilised. */
    private final @Nullable LoopTests[] ofLoops = new LoopTests[KEPT];

    private final int[] headers = new int[KEPT];

    ThresholdCollector(ControlFlowGraph graph, WeakTopologicalOrder order) {
        this.graph = graph;
        this.order = order;
    }

    /** The tests in the loop of a header, with their thresholds. */
    LoopTests of(int header) {
        int kept = header % KEPT;
        LoopTests known = ofLoops[kept];
        if (known != null && headers[kept] == header) {
            return known;
        }
        LoopTests tests = new LoopTests();
        for (int i = order.position(header); i < order.loopEnd(header); i++) {
            BasicBlock block = graph.block(order.block(i));
            for (int k = block.first(); k <= block.last(); k++) {
                tests.add(graph.program().get(k));
            }
        }
        tests.finish();
        ofLoops[kept] = tests;
        headers[kept] = header;
        return tests;
    }
}
