package dev.gbpf.verifier.analysis;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.verifier.cfg.BasicBlock;
import dev.gbpf.verifier.cfg.ControlFlowGraph;
import dev.gbpf.verifier.cfg.WeakTopologicalOrder;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the constants at which the bounds of each place of a loop are likely to rest: those that the loop's tests compare it with.
 * What is copied from place to place counts for all of them. Where a test compares registers, the constants that the program moves
 * about may be what they hold.
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
    private long @Nullable [] moved;

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
        tests.finish(this::movedConstants);
        ofLoops[kept] = tests;
        headers[kept] = header;
        return tests;
    }

    /** Constants that the program moves about. */
    private long[] movedConstants() {
        long[] constants = moved;
        if (constants == null) {
            Set<Long> found = new TreeSet<>();
            Program program = graph.program();
            for (int i = 0; i < program.size() && found.size() < LoopTests.MAX_CONSTANTS; i++) {
                ofMove(program.get(i), found);
            }
            constants = found.stream().mapToLong(c -> c).toArray();
            moved = constants;
        }
        return constants;
    }

    private static void ofMove(Instruction instruction, Set<Long> constants) {
        switch (instruction) {
            case Instruction.Mov i when i.src() instanceof Immediate c -> constants.add((long) c.value());
            case Instruction.Store i when i.src() instanceof Immediate c -> constants.add((long) c.value());
            case Instruction.Alu i
            when i.src() instanceof Immediate c && i.op() == AluOp.ADD -> constants.add((long) c.value());
            case Instruction.Alu i
            when i.src() instanceof Immediate c && i.op() == AluOp.SUB -> constants.add(-(long) c.value());
            case Instruction.Alu i
            when i.src() instanceof Immediate c && i.op() == AluOp.AND -> constants.add((long) c.value());
            case Instruction.LoadImm64 i -> constants.add(i.value());
            case Instruction.LoadPseudo i -> constants.add((long) i.nextImm());
            default -> {}
        }
    }
}
