package dev.gbpf.lang.codegen;

import dev.gbpf.lang.codegen.FlowGraph.Block;
import dev.gbpf.lang.codegen.LowCode.Line;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Whether what registers hold is needed later, for each line of one block. */
final class LaterUses {
    /** Lines of the block that read a register, as they are, or set it, as their complement. */
    private final Map<Integer, IntList> events = new HashMap<>();

    private final BitSet liveOut;

    LaterUses(List<Line> lines, Block block, BitSet liveOut) {
        this.liveOut = liveOut;
        for (int i = block.start(); i < block.end(); i++) {
            int line = i;
            LowInstruction instruction = lines.get(i).instruction();
            instruction.forEachUse(r -> events(r).add(line));
            if (instruction.defined() != LowInstruction.NONE) {
                events(instruction.defined()).add(~line);
            }
        }
    }

    private IntList events(int register) {
        return events.computeIfAbsent(register, _ -> new IntList());
    }

    /** Whether the value that a register holds before a line is read in a later line. */
    boolean isNeededAfter(int line, int register) {
        IntList list = events.get(register);
        for (int i = 0; list != null && i < list.size(); i++) {
            int event = list.get(i);
            if (Math.max(event, ~event) > line) {
                return event >= 0;
            }
        }
        return liveOut.get(register);
    }
}
