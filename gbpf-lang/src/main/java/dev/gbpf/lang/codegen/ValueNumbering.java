package dev.gbpf.lang.codegen;

import dev.gbpf.abi.ContextLayout;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.lang.codegen.FlowGraph.Block;
import dev.gbpf.lang.codegen.LowCode.Line;
import dev.gbpf.lang.codegen.LowInstruction.Branch;
import dev.gbpf.lang.codegen.LowInstruction.Jump;
import dev.gbpf.lang.codegen.LowInstruction.Label;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which registers and places in memory hold equal values, and leaves out what is there already: computations, loads,
 * stores, lookups and tests whose outcome is known.
 */
final class ValueNumbering {
    /*
     * One walk over the blocks, each after those that lead to it, but for the ways back of loops (Alpern, Wegman, Zadeck,
     * "Detecting Equality of Variables in Programs", POPL 1988, in its pessimistic form). Where paths meet, what both know
     * remains. At the head of a loop, what the loop sets is forgotten first, so that a number never stands for the values
     * of two iterations.
     */

    /** Registers times blocks up to which a state is kept for each block; beyond, each block starts with nothing. */
    private static final int MOST_STATE = 1 << 22;

    private final LowCode code;
    private final FlowGraph graph;
    private final ValueTable table = new ValueTable();
    private final boolean isHook;
    private final @Nullable Liveness liveness;
    private final Holders holders;
    private final ValueRewriter rewriter;
    private final boolean keepsStates;
    private final int[] order;
    /** Place in {@link #order}; blocks that are not reached have the last. */
    private final int[] rank;

    private final @Nullable ValueState[] after;
    private final List<List<Line>> rewritten = new ArrayList<>();
    private final Map<Integer, Integer> passedTests = new HashMap<>();
    private int stretches;

    private ValueNumbering(LowCode code, @Nullable ContextLayout context, Reuse reuse) {
        this.code = code;
        this.graph = new FlowGraph(code);
        this.liveness = reuse == Reuse.LIVE ? new Liveness(code) : null;
        this.isHook = context != null;
        this.holders = new Holders(reuse);
        this.rewriter = new ValueRewriter(table, context == null ? List.of() : context.fields(), holders);
        this.keepsStates = (long) code.registers() * graph.blocks().size() <= MOST_STATE;
        this.order = graph.reversePostorder();
        this.rank = new int[graph.blocks().size()];
        Arrays.fill(rank, order.length);
        for (int i = 0; i < order.length; i++) {
            rank[order[i]] = i;
        }
        this.after = new ValueState[graph.blocks().size()];
        graph.blocks().forEach(_ -> rewritten.add(List.of()));
    }

    /** Which registers a value is taken from instead of being computed again. */
    enum Reuse {
        /** Those that were set since the last call, or are needed later anyway: the others would have to be kept over it. */
        LIVE,
        /** Any but the machine's. */
        VIRTUAL,
        /** Any: registers are allocated. */
        ALL
    }

    /**
     * Code with what is known about its loops.
     *
     * @param code the code
     * @param passedTests by the label of a loop's head, how many of the tests there are sure to be passed when the loop is
     *     entered
     */
    record Numbered(LowCode code, Map<Integer, Integer> passedTests) {}

    /**
     * Numbers the values of a part of a program.
     *
     * @param context what r1 points to at the start; null in a function, which gets numbers
     */
    static Numbered number(LowCode code, @Nullable ContextLayout context, Reuse reuse) {
        ValueNumbering numbering = new ValueNumbering(code, context, reuse);
        for (int block : numbering.order) {
            numbering.rewrite(block);
        }
        List<Line> lines = numbering.rewritten.stream().flatMap(List::stream).toList();
        return new Numbered(code.withLines(lines), Map.copyOf(numbering.passedTests));
    }

    private void rewrite(int number) {
        ValueState state = before(number);
        Block block = graph.blocks().get(number);
        List<Line> out = new ArrayList<>(block.end() - block.start());
        if (liveness != null) {
            holders.enterBlock(new LaterUses(code.lines(), block, liveness.liveOut(number)));
        }
        for (int i = block.start(); i < block.end(); i++) {
            Line line = code.lines().get(i);
            if (line.instruction().isCall()) {
                state.enterStretch(++stretches);
            }
            holders.enterLine(i);
            LowInstruction instruction = rewriter.rewrite(line.instruction(), state);
            if (instruction != null) {
                out.add(line.with(instruction));
            }
        }
        rewritten.set(number, out);
        if (keepsStates) {
            after[number] = state;
        }
    }

    private ValueState before(int number) {
        @Nullable ValueState state = number == 0 ? atEntry() : null;
        boolean isHead = false;
        for (int predecessor : graph.blocks().get(number).predecessors()) {
            if (rank[predecessor] >= rank[number]) {
                isHead |= rank[predecessor] < order.length;
                continue;
            }
            ValueState path = afterEdge(predecessor, number);
            if (path == null) {
                continue;
            }
            if (state == null) {
                state = path;
            } else {
                state.meet(path, ++stretches);
            }
        }
        if (state == null || (!keepsStates && number != 0)) {
            return nothing();
        }
        if (isHead) {
            enterLoop(number, state);
        }
        return state;
    }

    private ValueState nothing() {
        ValueState state = new ValueState(table, code.registers());
        state.set(LowInstruction.FRAME, table.frame(), null);
        state.enterStretch(++stretches);
        return state;
    }

    private ValueState atEntry() {
        ValueState state = nothing();
        if (isHook) {
            rewriter.note(state, 1, table.context(), null);
        }
        return state;
    }

    /** What is known on the way from one block to the next; null when nothing goes there or nothing is kept. */
    private @Nullable ValueState afterEdge(int from, int to) {
        ValueState end = after[from];
        if (end == null) {
            return null;
        }
        Block block = graph.blocks().get(from);
        Line last = code.lines().get(block.end() - 1);
        int target = last.instruction().target();
        List<Line> lines = rewritten.get(from);
        LowInstruction now = lines.isEmpty() ? new Label(0) : lines.getLast().instruction();
        boolean both = block.successors().size() == 2
                && block.successors().getFirst().equals(block.successors().getLast());
        boolean taken = target != LowInstruction.NONE && block.successors().getLast() == to;
        if (!(last.instruction() instanceof Branch) || both) {
            return end.copy();
        }
        if (now instanceof Branch(JumpOp op, int left, Source right, int _)) {
            ValueState state = end.copy();
            JumpOp outcome = taken ? op : Conditions.inverse(op);
            if (outcome != null) {
                rewriter.refine(state, outcome, left, right);
            }
            return state;
        }
        // The branch became a jump, or went.
        return now instanceof Jump == taken ? end.copy() : null;
    }

    private void enterLoop(int number, ValueState state) {
        notePassedTests(number, state);
        int last = rank[number];
        BitSet set = new BitSet(code.registers());
        boolean clobbers = false;
        for (int i = rank[number]; i <= last; i++) {
            Block block = graph.blocks().get(order[i]);
            for (int predecessor : block.predecessors()) {
                // A loop whose head lies inside, too.
                last = rank[predecessor] < order.length ? Math.max(last, rank[predecessor]) : last;
            }
            for (Line line : code.lines().subList(block.start(), block.end())) {
                if (line.instruction().defined() != LowInstruction.NONE) {
                    set.set(line.instruction().defined());
                }
                clobbers |= line.instruction().isCall();
            }
        }
        if (clobbers) {
            set.set(0, LowInstruction.LAST_CLOBBERED + 1);
        }
        set.stream().forEach(state::forget);
        state.enterLoop(rewriter::isReadOnlyField);
        state.enterStretch(++stretches);
    }

    private void notePassedTests(int number, ValueState state) {
        List<Integer> labels = new ArrayList<>();
        int passed = 0;
        for (int i = graph.blocks().get(number).start(); i < code.lines().size(); i++) {
            LowInstruction instruction = code.lines().get(i).instruction();
            if (instruction instanceof Label(int id) && passed == 0) {
                labels.add(id);
            } else if (instruction instanceof Branch(JumpOp op, int left, Source right, int _)
                    && Boolean.FALSE.equals(rewriter.outcome(state, op, left, right))) {
                passed++;
            } else {
                break;
            }
        }
        for (int label : labels) {
            passedTests.put(label, passed);
        }
    }
}
