package dev.gbpf.lang.codegen;

import dev.gbpf.lang.codegen.FlowGraph.Block;
import dev.gbpf.lang.codegen.LowCode.Line;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Which registers hold a value that is still needed, at the end of each basic block; found by iteration to a fixpoint, from
 * the last block to the first.
 */
final class Liveness {
    private final List<Line> lines;
    private final List<Block> blocks;
    private final BitSet[] liveOut;
    /** Registers that are live across a border of blocks, and their place in the bit sets. */
    private final int[] denseOf;

    private final int[] registerOf;

    Liveness(LowCode code) {
        this.lines = code.lines();
        this.blocks = new FlowGraph(code).blocks();
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

    /** Registers that some block reads before it sets them. */
    private BitSet crossing(LowCode code) {
        BitSet crossing = new BitSet();
        BitSet set = new BitSet(code.registers());
        for (Block block : blocks) {
            set.clear();
            for (int i = block.start(); i < block.end(); i++) {
                LowInstruction instruction = lines.get(i).instruction();
                instruction.forEachUse(r -> {
                    if (!set.get(r)) {
                        crossing.set(r);
                    }
                });
                if (instruction.defined() != LowInstruction.NONE) {
                    set.set(instruction.defined());
                }
                if (instruction.isCall()) {
                    set.set(0, LowInstruction.LAST_CLOBBERED + 1);
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
            if (instruction.isCall()) {
                for (int r = 0; r <= LowInstruction.LAST_CLOBBERED; r++) {
                    if (denseOf[r] != LowInstruction.NONE) {
                        written.set(denseOf[r]);
                    }
                }
            }
        }
    }
}
