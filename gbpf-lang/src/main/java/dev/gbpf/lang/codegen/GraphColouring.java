package dev.gbpf.lang.codegen;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;

/**
 * Colours an interference graph with the ten registers, merging copies with their origins where that is safe.
 *
 * <p>The colours are the numbers of the machine's registers, whose nodes are coloured from the start.
 */
final class GraphColouring {
    /*
     * Iterated register coalescing (George and Appel, "Iterated Register Coalescing", TOPLAS 18(3), 1996; also Appel,
     * "Modern Compiler Implementation", chapter 11). Every node is in exactly one of the sets below. Nodes of low degree
     * that take part in no copy are taken out (simplify); copies are merged when the merged node is sure to stay
     * colourable (Briggs' test; George's test against a machine register); a copy that blocks everything is given up
     * (freeze); and when nothing else goes, the node whose place in memory costs least is taken out in the hope that a
     * colour is left (spill). Then colours are given in reverse order. All choices go by node number: the result is the
     * same in every run.
     */
    static final int COLOURS = 10;
    private static final int UNCOLOURED = -1;

    private final InterferenceGraph graph;
    private final IntPredicate unspillable;

    private final int[] degree;
    private final int[] alias;
    private final int[] colour;
    private final IntList[] movesOf;
    /** Neighbours that are neither removed nor merged, and some that were; dropped when the list is next gone through. */
    private final IntList[] neighbours;

    private final BitSet simplify = new BitSet();
    private final BitSet freeze = new BitSet();
    private final BitSet spill = new BitSet();
    private final BitSet removed = new BitSet();
    private final BitSet coalesced = new BitSet();
    private final BitSet spilled = new BitSet();
    private final Deque<Integer> stack = new ArrayDeque<>();

    private final BitSet pendingMoves = new BitSet();
    private final BitSet activeMoves = new BitSet();

    private GraphColouring(InterferenceGraph graph, IntPredicate unspillable) {
        this.graph = graph;
        this.unspillable = unspillable;
        this.degree = new int[graph.nodes()];
        this.alias = new int[graph.nodes()];
        this.colour = new int[graph.nodes()];
        this.movesOf = new IntList[graph.nodes()];
        this.neighbours = new IntList[graph.nodes()];
        Arrays.fill(colour, UNCOLOURED);
        for (int n = 0; n < graph.nodes(); n++) {
            alias[n] = n;
            movesOf[n] = new IntList();
            neighbours[n] = new IntList();
            neighbours[n].addAll(graph.neighbours(n));
            degree[n] =
                    isMachine(n) ? Integer.MAX_VALUE / 2 : graph.neighbours(n).size();
            if (isMachine(n)) {
                colour[n] = n;
            }
        }
    }

    /**
     * The colouring.
     *
     * @param unspillable nodes that must get a register: the short-lived ones that an earlier spill made
     */
    static GraphColouring colour(InterferenceGraph graph, IntPredicate unspillable) {
        GraphColouring colouring = new GraphColouring(graph, unspillable);
        colouring.prepare();
        colouring.reduce();
        colouring.assign();
        return colouring;
    }

    /** The register of a node that was not spilled. */
    int register(int node) {
        return colour[find(node)];
    }

    /** Nodes for which no register is left. */
    BitSet spilled() {
        return spilled;
    }

    /** The node that stands for this one and all its copies. */
    int find(int node) {
        int n = node;
        while (coalesced.get(n)) {
            n = alias[n];
        }
        return n;
    }

    private void prepare() {
        for (int m = 0; m < graph.moves(); m++) {
            movesOf[graph.moveTarget(m)].add(m);
            movesOf[graph.moveSource(m)].add(m);
        }
        pendingMoves.set(0, graph.moves());
        BitSet present = graph.present();
        for (int n = present.nextSetBit(LowInstruction.FIRST_VIRTUAL); n >= 0; n = present.nextSetBit(n + 1)) {
            enlist(n);
        }
    }

    private void enlist(int node) {
        if (degree[node] >= COLOURS) {
            spill.set(node);
        } else if (isMoveRelated(node)) {
            freeze.set(node);
        } else {
            simplify.set(node);
        }
    }

    private void reduce() {
        while (true) {
            if (!simplify.isEmpty()) {
                simplify(simplify.nextSetBit(0));
            } else if (!pendingMoves.isEmpty()) {
                coalesce(pendingMoves.nextSetBit(0));
            } else if (!freeze.isEmpty()) {
                freeze(freeze.nextSetBit(0));
            } else if (!spill.isEmpty()) {
                selectSpill();
            } else {
                return;
            }
        }
    }

    private void simplify(int node) {
        simplify.clear(node);
        stack.push(node);
        removed.set(node);
        forEachNeighbour(node, this::decrementDegree);
    }

    private void decrementDegree(int node) {
        if (isMachine(node)) {
            return;
        }
        int before = degree[node]--;
        if (before == COLOURS) {
            enableMoves(node);
            forEachNeighbour(node, this::enableMoves);
            spill.clear(node);
            if (isMoveRelated(node)) {
                freeze.set(node);
            } else {
                simplify.set(node);
            }
        }
    }

    private void enableMoves(int node) {
        for (int i = 0; i < movesOf[node].size(); i++) {
            int move = movesOf[node].get(i);
            if (activeMoves.get(move)) {
                activeMoves.clear(move);
                pendingMoves.set(move);
            }
        }
    }

    private void coalesce(int move) {
        pendingMoves.clear(move);
        int x = find(graph.moveTarget(move));
        int y = find(graph.moveSource(move));
        // A machine register, if there is one, stays.
        int kept = isMachine(y) ? y : x;
        int merged = isMachine(y) ? x : y;
        if (kept == merged) {
            release(kept);
        } else if (isMachine(merged) || graph.interferes(kept, merged)) {
            release(kept);
            release(merged);
        } else if (isMachine(kept) ? fitsMachine(kept, merged) : fitsBriggs(kept, merged)) {
            merge(kept, merged);
            release(kept);
        } else {
            activeMoves.set(move);
        }
    }

    /** A node that was waiting for its copies may be simple now. */
    private void release(int node) {
        if (!isMachine(node) && !isMoveRelated(node) && degree[node] < COLOURS && freeze.get(node)) {
            freeze.clear(node);
            simplify.set(node);
        }
    }

    /** George's test: every neighbour is harmless, or conflicts with the machine register anyway. */
    private boolean fitsMachine(int machine, int node) {
        IntList list = neighboursOf(node);
        for (int i = 0; i < list.size(); i++) {
            int n = list.get(i);
            if (!isMachine(n) && degree[n] >= COLOURS && !graph.interferes(n, machine)) {
                return false;
            }
        }
        return true;
    }

    /** Briggs' test: the merged node would have fewer neighbours of high degree than there are colours. */
    private boolean fitsBriggs(int a, int b) {
        int high = 0;
        IntList ofA = neighboursOf(a);
        for (int i = 0; i < ofA.size() && high < COLOURS; i++) {
            int n = ofA.get(i);
            if (isHighAfterMerger(n, b)) {
                high++;
            }
        }
        IntList ofB = neighboursOf(b);
        for (int i = 0; i < ofB.size() && high < COLOURS; i++) {
            int n = ofB.get(i);
            if (!graph.interferes(n, a) && degree[n] >= COLOURS) {
                high++;
            }
        }
        return high < COLOURS;
    }

    /** A common neighbour loses one edge by the merger. */
    private boolean isHighAfterMerger(int neighbour, int other) {
        return degree[neighbour] > COLOURS || (degree[neighbour] == COLOURS && !graph.interferes(neighbour, other));
    }

    private void merge(int kept, int merged) {
        freeze.clear(merged);
        spill.clear(merged);
        simplify.clear(merged);
        coalesced.set(merged);
        alias[merged] = kept;
        movesOf[kept].addAll(movesOf[merged]);
        enableMoves(merged);
        forEachNeighbour(merged, n -> {
            if (!graph.interferes(n, kept)) {
                graph.addEdge(n, kept);
                neighbours[n].add(kept);
                neighbours[kept].add(n);
                if (!isMachine(n)) {
                    degree[n]++;
                }
                if (!isMachine(kept)) {
                    degree[kept]++;
                }
            }
            decrementDegree(n);
        });
        if (!isMachine(kept) && degree[kept] >= COLOURS && freeze.get(kept)) {
            freeze.clear(kept);
            spill.set(kept);
        }
    }

    private void freeze(int node) {
        freeze.clear(node);
        simplify.set(node);
        freezeMoves(node);
    }

    private void freezeMoves(int node) {
        for (int i = 0; i < movesOf[node].size(); i++) {
            int move = movesOf[node].get(i);
            if (!activeMoves.get(move) && !pendingMoves.get(move)) {
                continue;
            }
            activeMoves.clear(move);
            pendingMoves.clear(move);
            int x = find(graph.moveTarget(move));
            int y = find(graph.moveSource(move));
            release(x == find(node) ? y : x);
        }
    }

    private void selectSpill() {
        int best = UNCOLOURED;
        double bestCost = Double.POSITIVE_INFINITY;
        for (int n = spill.nextSetBit(0); n >= 0; n = spill.nextSetBit(n + 1)) {
            double cost = unspillable.test(n) ? Double.MAX_VALUE : graph.cost(n) / degree[n];
            if (cost < bestCost) {
                best = n;
                bestCost = cost;
            }
        }
        spill.clear(best);
        simplify.set(best);
        freezeMoves(best);
    }

    private void assign() {
        while (!stack.isEmpty()) {
            int node = stack.pop();
            BitSet free = new BitSet();
            free.set(0, COLOURS);
            IntList neighbours = graph.neighbours(node);
            for (int i = 0; i < neighbours.size(); i++) {
                int other = colour[find(neighbours.get(i))];
                if (other != UNCOLOURED) {
                    free.clear(other);
                }
            }
            int choice = free.nextSetBit(0);
            if (choice < 0) {
                spilled.set(node);
            } else {
                colour[node] = choice;
            }
        }
    }

    private boolean isMoveRelated(int node) {
        for (int i = 0; i < movesOf[node].size(); i++) {
            int move = movesOf[node].get(i);
            if (activeMoves.get(move) || pendingMoves.get(move)) {
                return true;
            }
        }
        return false;
    }

    private void forEachNeighbour(int node, IntConsumer action) {
        IntList list = neighboursOf(node);
        for (int i = 0; i < list.size(); i++) {
            action.accept(list.get(i));
        }
    }

    private IntList neighboursOf(int node) {
        neighbours[node].removeIf(n -> removed.get(n) || coalesced.get(n));
        return neighbours[node];
    }

    private static boolean isMachine(int node) {
        return node < LowInstruction.FIRST_VIRTUAL;
    }
}
