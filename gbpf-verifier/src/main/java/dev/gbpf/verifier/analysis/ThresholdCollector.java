package dev.gbpf.verifier.analysis;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import dev.gbpf.verifier.cfg.BasicBlock;
import dev.gbpf.verifier.cfg.ControlFlowGraph;
import dev.gbpf.verifier.cfg.WeakTopologicalOrder;
import dev.gbpf.verifier.domain.Thresholds;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Gathers the constants at which the bounds of a loop are likely to rest: those that its own tests compare with. Where it tests
 * registers, the constants that the program moves about may be what they hold.
 */
final class ThresholdCollector {
    /** Beyond this many the later ones are left out: a widening may have to climb all of them. */
    private static final int MAX_CONSTANTS = 64;

    private final ControlFlowGraph graph;
    private final WeakTopologicalOrder order;
    private final Map<Integer, Thresholds> ofLoops = new HashMap<>();

    ThresholdCollector(ControlFlowGraph graph, WeakTopologicalOrder order) {
        this.graph = graph;
        this.order = order;
    }

    /** The thresholds of the loop of a header. */
    Thresholds of(int header) {
        return ofLoops.computeIfAbsent(header, this::collect);
    }

    private Thresholds collect(int header) {
        Set<Long> constants = new TreeSet<>();
        boolean comparesRegisters = false;
        for (int i = order.position(header); i < order.loopEnd(header); i++) {
            BasicBlock block = graph.block(order.block(i));
            comparesRegisters |= graph.program().get(block.last()) instanceof Instruction.CondJump jump
                    && jump.right() instanceof Register;
            for (int k = block.first(); k <= block.last() && constants.size() < MAX_CONSTANTS; k++) {
                ofTest(graph.program().get(k), constants);
            }
        }
        if (comparesRegisters) {
            Program program = graph.program();
            for (int i = 0; i < program.size() && constants.size() < MAX_CONSTANTS; i++) {
                ofMove(program.get(i), constants);
            }
        }
        return Thresholds.of(constants, 64, 32);
    }

    private static void ofTest(Instruction instruction, Set<Long> constants) {
        switch (instruction) {
            case Instruction.CondJump i when i.right() instanceof Immediate c -> constants.add((long) c.value());
            case Instruction.Alu i
            when i.src() instanceof Immediate c && i.op() == AluOp.AND -> constants.add((long) c.value());
            default -> {}
        }
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
