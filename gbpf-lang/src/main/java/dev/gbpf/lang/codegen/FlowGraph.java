package dev.gbpf.lang.codegen;

import dev.gbpf.lang.codegen.LowCode.Line;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** The basic blocks of a hook's code, in the order of the code, and how control passes between them. */
final class FlowGraph {
    /**
     * A stretch of instructions that is entered at its start and left at its end.
     *
     * @param start index of its first line
     * @param end index after its last line
     * @param successors blocks that may follow; the next block first where control can fall through
     * @param predecessors blocks that it may follow
     */
    record Block(int start, int end, List<Integer> successors, List<Integer> predecessors) {}

    private final List<Block> blocks;

    FlowGraph(LowCode code) {
        List<Line> lines = code.lines();
        int[] starts = starts(lines);
        int[] blockOfLabel = new int[code.labels()];
        for (int b = 0; b < starts.length; b++) {
            for (int i = starts[b]; i < end(starts, b, lines); i++) {
                if (lines.get(i).instruction() instanceof LowInstruction.Label(int id)) {
                    blockOfLabel[id] = b;
                }
            }
        }
        this.blocks = new ArrayList<>(starts.length);
        for (int b = 0; b < starts.length; b++) {
            blocks.add(new Block(starts[b], end(starts, b, lines), new ArrayList<>(2), new ArrayList<>(2)));
        }
        for (int b = 0; b < starts.length; b++) {
            LowInstruction last = lines.get(blocks.get(b).end() - 1).instruction();
            if (last.fallsThrough() && b + 1 < starts.length) {
                connect(b, b + 1);
            }
            if (last.target() != LowInstruction.NONE) {
                connect(b, blockOfLabel[last.target()]);
            }
        }
    }

    List<Block> blocks() {
        return blocks;
    }

    /** The blocks that can be reached, each before those that it leads to, but for the ways back of loops. */
    int[] reversePostorder() {
        int[] order = new int[blocks.size()];
        int free = order.length;
        int[] next = new int[blocks.size()];
        BitSet seen = new BitSet(blocks.size());
        IntList path = new IntList();
        path.add(0);
        seen.set(0);
        while (path.size() > 0) {
            int block = path.get(path.size() - 1);
            List<Integer> successors = blocks.get(block).successors();
            if (next[block] == successors.size()) {
                path.removeLast();
                order[--free] = block;
                continue;
            }
            // Where control falls through comes last, so that it is first in the reverse: loops before what follows
            // them.
            int successor = successors.get(successors.size() - ++next[block]);
            if (!seen.get(successor)) {
                seen.set(successor);
                path.add(successor);
            }
        }
        return Arrays.copyOfRange(order, free, order.length);
    }

    private void connect(int from, int to) {
        blocks.get(from).successors().add(to);
        blocks.get(to).predecessors().add(from);
    }

    private static int end(int[] starts, int block, List<Line> lines) {
        return block + 1 < starts.length ? starts[block + 1] : lines.size();
    }

    private static int[] starts(List<Line> lines) {
        BitSet leaders = new BitSet();
        leaders.set(0);
        for (int i = 0; i < lines.size(); i++) {
            LowInstruction instruction = lines.get(i).instruction();
            if (instruction instanceof LowInstruction.Label) {
                leaders.set(i);
            }
            if (instruction.target() != LowInstruction.NONE || !instruction.fallsThrough()) {
                leaders.set(i + 1);
            }
        }
        leaders.clear(lines.size());
        return leaders.stream().toArray();
    }
}
