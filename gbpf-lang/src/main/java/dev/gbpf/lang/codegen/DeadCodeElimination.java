package dev.gbpf.lang.codegen;

import dev.gbpf.lang.codegen.LowCode.Line;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;

/** Drops instructions that only set a register which nobody reads afterwards. */
final class DeadCodeElimination {
    /** Each round can only open the way for the next across blocks. */
    private static final int MOST_ROUNDS = 4;

    private DeadCodeElimination() {}

    static LowCode eliminate(LowCode code) {
        LowCode current = code;
        for (int round = 0; round < MOST_ROUNDS; round++) {
            LowCode shorter = pass(current);
            if (shorter.lines().size() == current.lines().size()) {
                return current;
            }
            current = shorter;
        }
        return current;
    }

    private static LowCode pass(LowCode code) {
        Liveness liveness = new Liveness(code);
        List<Line> kept = new ArrayList<>(code.lines().size());
        for (int b = liveness.blocks().size() - 1; b >= 0; b--) {
            FlowGraph.Block block = liveness.blocks().get(b);
            BitSet live = liveness.liveOut(b);
            for (int i = block.end() - 1; i >= block.start(); i--) {
                Line line = code.lines().get(i);
                if (isNeeded(line.instruction(), live)) {
                    kept.add(line);
                }
            }
        }
        Collections.reverse(kept);
        return code.withLines(kept);
    }

    /** Whether an instruction is needed when {@code live} is, which then becomes what is live before it. */
    private static boolean isNeeded(LowInstruction instruction, BitSet live) {
        int defined = instruction.defined();
        boolean dead = instruction.isPure() && !live.get(defined);
        if (dead) {
            return false;
        }
        if (defined != LowInstruction.NONE) {
            live.clear(defined);
        }
        if (instruction.isCall()) {
            live.clear(0, LowInstruction.LAST_CLOBBERED + 1);
        }
        instruction.forEachUse(live::set);
        return true;
    }
}
