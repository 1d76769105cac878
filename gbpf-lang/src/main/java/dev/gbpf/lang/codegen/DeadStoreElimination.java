package dev.gbpf.lang.codegen;

import dev.gbpf.isa.Width;
import dev.gbpf.lang.codegen.LowCode.Line;
import dev.gbpf.lang.codegen.LowInstruction.Load;
import dev.gbpf.lang.codegen.LowInstruction.Store;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Drops stores that another one overwrites before anybody can read, and stores to bytes of the frame that nobody reads any
 * more. Programs own the context and the frame while they run, and nobody is promised to see what maps hold in between.
 */
final class DeadStoreElimination {
    /** Places in maps and the context that are followed at a time. */
    private static final int MOST_PLACES = 64;

    /** Bytes at an offset from a register's value. */
    private record Place(int base, int offset, Width width) {}

    private final LowCode code;
    private final FlowGraph graph;
    /** Bytes of the frame that are read later, by block; byte {@code i} is that at offset {@code -1 - i}. */
    private final BitSet[] frameIn;

    private DeadStoreElimination(LowCode code) {
        this.code = code;
        this.graph = new FlowGraph(code);
        this.frameIn = new BitSet[graph.blocks().size()];
        for (int b = 0; b < frameIn.length; b++) {
            frameIn[b] = new BitSet();
        }
    }

    static LowCode eliminate(LowCode code) {
        DeadStoreElimination elimination = new DeadStoreElimination(code);
        elimination.solveFrame();
        List<Line> kept = new ArrayList<>(code.lines().size());
        for (int b = elimination.frameIn.length - 1; b >= 0; b--) {
            elimination.walk(b, kept);
        }
        Collections.reverse(kept);
        return code.withLines(kept);
    }

    private void solveFrame() {
        boolean changed = code.frame() > 0;
        while (changed) {
            changed = false;
            for (int b = frameIn.length - 1; b >= 0; b--) {
                BitSet read = walk(b, new ArrayList<>());
                if (!read.equals(frameIn[b])) {
                    frameIn[b] = read;
                    changed = true;
                }
            }
        }
    }

    /** Goes through a block from its end, collects what stays, and gives the bytes of the frame that are read from its start on. */
    private BitSet walk(int number, List<Line> kept) {
        FlowGraph.Block block = graph.blocks().get(number);
        BitSet frame = new BitSet(code.frame());
        block.successors().forEach(s -> frame.or(frameIn[s]));
        Set<Place> overwritten = new HashSet<>();
        for (int i = block.end() - 1; i >= block.start(); i--) {
            Line line = code.lines().get(i);
            if (line.instruction() instanceof Store store && isDead(store, frame, overwritten)) {
                continue;
            }
            step(line.instruction(), frame, overwritten);
            kept.add(line);
        }
        return frame;
    }

    private static boolean isDead(Store store, BitSet frame, Set<Place> overwritten) {
        if (store.base() == LowInstruction.FRAME) {
            int first = first(store.offset(), store.width());
            int read = frame.nextSetBit(first);
            return read < 0 || read >= first + store.width().bytes();
        }
        return overwritten.contains(new Place(store.base(), store.offset(), store.width()));
    }

    private void step(LowInstruction instruction, BitSet frame, Set<Place> overwritten) {
        switch (instruction) {
            case Store(Width width, int base, int offset, Source _) -> {
                if (base == LowInstruction.FRAME) {
                    int first = first(offset, width);
                    frame.clear(first, first + width.bytes());
                } else if (overwritten.size() < MOST_PLACES) {
                    overwritten.add(new Place(base, offset, width));
                }
            }
            case Load(Width width, boolean _, int dst, int base, int offset) -> {
                if (base == LowInstruction.FRAME) {
                    int first = first(offset, width);
                    frame.set(first, first + width.bytes());
                } else {
                    overwritten.clear();
                }
                overwritten.removeIf(place -> place.base() == dst);
            }
            // It reads what it changes; nothing of the frame is ever added to.
            case LowInstruction.AtomicAdd _ -> overwritten.clear();
            case LowInstruction.Call call -> {
                if (call.takesPointers()) {
                    // It may read what an argument points to, which may be anywhere in the frame.
                    frame.set(0, code.frame());
                }
                overwritten.clear();
            }
            case LowInstruction.Invoke _ -> overwritten.clear();
            default -> {
                int defined = instruction.defined();
                overwritten.removeIf(place -> place.base() == defined);
            }
        }
    }

    private static int first(int offset, Width width) {
        return -offset - width.bytes();
    }
}
