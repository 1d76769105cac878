package dev.gbpf.lang.codegen;

import dev.gbpf.lang.codegen.LowCode.Line;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Which registers hold a value that is still needed, at the end of each basic block; found by iteration to a fixpoint, from
 * the last block to the first. The machine's own registers carry values within a block only and are left out.
 */
final class Liveness {
    /** A stretch of instructions that is entered at its start and left at its end. */
    record Block(int start, int end, List<Integer> successors) {}

    private final List<Line> lines;
    private final List<Block> blocks;
    private final BitSet[] liveOut;
    /** Registers that are live across a border of blocks, and their place in the bit sets. */
    private final int[] denseOf;

    private final int[] registerOf;

    Liveness(LowCode code) {
        this.lines = code.lines();
        this.blocks = blocks(code);
        BitSet crossing = crossing(code);
        this.denseOf = new int[code.registers()];
        Arrays.fill(denseOf, LowInstruction.NONE);
        this.registerOf = crossing.stream().toArray();
        for (int i = 0; i < registerOf.length; i++) {
            denseOf[registerOf[i]] = i;
        }
        this.liveOut = solve();
    }

    List<Block> blocks() {
        return blocks;
    }

    /** The registers that are live at the end of a block; a set of the caller's own. */
    BitSet liveOut(int block) {
        BitSet live = new BitSet();
        liveOut[block].stream().forEach(i -> live.set(registerOf[i]));
        return live;
    }

    private static List<Block> blocks(LowCode code) {
        List<Line> lines = code.lines();
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
        int[] starts = leaders.stream().toArray();
        int[] blockOfLabel = new int[code.labels()];
        for (int b = 0; b < starts.length; b++) {
            int end = b + 1 < starts.length ? starts[b + 1] : lines.size();
            for (int i = starts[b]; i < end; i++) {
                if (lines.get(i).instruction() instanceof LowInstruction.Label(int id)) {
                    blockOfLabel[id] = b;
                }
            }
        }
        List<Block> blocks = new ArrayList<>();
        for (int b = 0; b < starts.length; b++) {
            int end = b + 1 < starts.length ? starts[b + 1] : lines.size();
            LowInstruction last = lines.get(end - 1).instruction();
            List<Integer> successors = new ArrayList<>();
            if (last.fallsThrough() && b + 1 < starts.length) {
                successors.add(b + 1);
            }
            if (last.target() != LowInstruction.NONE) {
                successors.add(blockOfLabel[last.target()]);
            }
            blocks.add(new Block(starts[b], end, successors));
        }
        return blocks;
    }

    /** Registers that some block reads before it sets them. */
    private BitSet crossing(LowCode code) {
        BitSet crossing = new BitSet();
        BitSet set = new BitSet(code.registers());
        for (Block block : blocks) {
            set.clear();
            for (int i = block.start(); i < block.end(); i++) {
                LowInstruction instruction = lines.get(i).instruction();
                instruction.forEachUse(r -> {
                    if (r >= LowInstruction.FIRST_VIRTUAL && !set.get(r)) {
                        crossing.set(r);
                    }
                });
                if (instruction.defined() != LowInstruction.NONE) {
                    set.set(instruction.defined());
                }
            }
        }
        return crossing;
    }

    private BitSet[] solve() {
        int count = blocks.size();
        BitSet[] read = new BitSet[count];
        BitSet[] written = new BitSet[count];
        BitSet[] in = new BitSet[count];
        BitSet[] out = new BitSet[count];
        for (int b = 0; b < count; b++) {
            read[b] = new BitSet();
            written[b] = new BitSet();
            in[b] = new BitSet();
            out[b] = new BitSet();
            summarize(blocks.get(b), read[b], written[b]);
        }
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int b = count - 1; b >= 0; b--) {
                for (int successor : blocks.get(b).successors()) {
                    out[b].or(in[successor]);
                }
                BitSet before = (BitSet) out[b].clone();
                before.andNot(written[b]);
                before.or(read[b]);
                if (!before.equals(in[b])) {
                    in[b] = before;
                    changed = true;
                }
            }
        }
        return out;
    }

    private void summarize(Block block, BitSet read, BitSet written) {
        for (int i = block.start(); i < block.end(); i++) {
            LowInstruction instruction = lines.get(i).instruction();
            instruction.forEachUse(r -> {
                int dense = denseOf[r];
                if (dense != LowInstruction.NONE && !written.get(dense)) {
                    read.set(dense);
                }
            });
            int defined = instruction.defined();
            if (defined != LowInstruction.NONE && denseOf[defined] != LowInstruction.NONE) {
                written.set(denseOf[defined]);
            }
        }
    }
}
