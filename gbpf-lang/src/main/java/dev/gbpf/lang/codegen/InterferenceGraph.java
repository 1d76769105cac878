package dev.gbpf.lang.codegen;

import dev.gbpf.lang.codegen.LowCode.Line;
import java.util.BitSet;
import java.util.stream.Stream;

/**
 * Which registers must differ because both hold a value that is needed at the same time, and which would better be the same
 * because one is a copy of the other. Nodes 0 to 9 are the machine's registers.
 */
final class InterferenceGraph {
    /** How much more an instruction counts for each loop around it. */
    private static final double LOOP_WEIGHT = 10;

    private static final int DEEPEST_WEIGHT = 6;

    private final int nodes;
    private final LongSet edges = new LongSet();
    private final IntList[] neighbours;
    private final double[] cost;
    private final BitSet present = new BitSet();
    private final IntList moveTargets = new IntList();
    private final IntList moveSources = new IntList();
    private int pressure;

    InterferenceGraph(LowCode code) {
        this.nodes = code.registers();
        this.neighbours = Stream.generate(IntList::new).limit(nodes).toArray(IntList[]::new);
        this.cost = new double[nodes];
        Liveness liveness = new Liveness(code);
        for (int b = 0; b < liveness.blocks().size(); b++) {
            FlowGraph.Block block = liveness.blocks().get(b);
            BitSet live = liveness.liveOut(b);
            for (int i = block.end() - 1; i >= block.start(); i--) {
                step(code.lines().get(i), live);
            }
        }
    }

    /** Enters what the instruction says; {@code live} goes from after it to before it. */
    private void step(Line line, BitSet live) {
        LowInstruction instruction = line.instruction();
        double weight = Math.pow(LOOP_WEIGHT, Math.min(line.depth(), DEEPEST_WEIGHT));
        int defined = instruction.defined();
        if (instruction instanceof LowInstruction.Move(int dst, Source.Reg(int src)) && src != LowInstruction.FRAME) {
            // The copy may share the register of its origin.
            live.clear(src);
            moveTargets.add(dst);
            moveSources.add(src);
        }
        if (defined != LowInstruction.NONE) {
            live.set(defined);
            define(defined, live);
            cost[defined] += weight;
        }
        if (instruction.isCall()) {
            for (int r = 0; r <= LowInstruction.LAST_CLOBBERED; r++) {
                define(r, live);
            }
            live.clear(0, LowInstruction.LAST_CLOBBERED + 1);
        }
        if (defined != LowInstruction.NONE) {
            live.clear(defined);
        }
        instruction.forEachUse(r -> {
            live.set(r);
            present.set(r);
            cost[r] += weight;
        });
        pressure = Math.max(pressure, live.cardinality());
    }

    private void define(int register, BitSet live) {
        present.set(register);
        for (int other = live.nextSetBit(0); other >= 0; other = live.nextSetBit(other + 1)) {
            addEdge(register, other);
        }
    }

    void addEdge(int a, int b) {
        if (a != b && edges.add(key(a, b))) {
            neighbours[a].add(b);
            neighbours[b].add(a);
        }
    }

    boolean interferes(int a, int b) {
        return a == b || edges.contains(key(a, b));
    }

    IntList neighbours(int node) {
        return neighbours[node];
    }

    int nodes() {
        return nodes;
    }

    /** Nodes that occur in the code. */
    BitSet present() {
        return present;
    }

    /** How often a register is read and set, weighted by loops. */
    double cost(int node) {
        return cost[node];
    }

    /** Greatest number of values that are needed at one time. */
    int pressure() {
        return pressure;
    }

    int moves() {
        return moveTargets.size();
    }

    int moveTarget(int move) {
        return moveTargets.get(move);
    }

    int moveSource(int move) {
        return moveSources.get(move);
    }

    private static long key(int a, int b) {
        return (long) Math.min(a, b) << 32 | Math.max(a, b);
    }
}
