package dev.gbpf.verifier.lanes;

import dev.gbpf.abi.ContextLayout;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Register;
import dev.gbpf.verifier.assertion.Violation.Reason;
import dev.gbpf.verifier.cfg.BasicBlock;
import dev.gbpf.verifier.cfg.ControlFlowGraph;
import dev.gbpf.verifier.cfg.PostDominators;
import dev.gbpf.verifier.cfg.WeakTopologicalOrder;
import dev.gbpf.verifier.lanes.Cause.Source;
import dev.gbpf.verifier.limit.ResourceMeter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the branches where lanes of a warp that run a program together may part, each lane with a context, registers and a stack
 * of its own and all with the same maps (after R. Karrenberg and S. Hack, "Improving performance of OpenCL on CPUs", 2012).
 *
 * <p>What it relies on: lanes that come to an instruction together run it together; a load at one address, and a call that
 * {@link dev.gbpf.abi.Helper#spread} calls the same, happen once for all of them; and lanes that part at a branch meet again at
 * the nearest block that all ways from it go through.
 */
public final class LaneAnalysis {
    /*
     * A value may differ when it comes from a source, is made from one that may differ, or was set between a branch where lanes part
     * and the block where they meet: lanes that took other ways have other values there. States only grow, and each place keeps
     * the first cause, so sweeps over the blocks end after as many rounds as there are places, in practice two or three.
     */
    private final ControlFlowGraph graph;
    private final WeakTopologicalOrder order;
    private final IntPredicate isPossible;
    private final PostDominators meeting;
    private final LaneTransfer transfer;
    private final ReachedMemory memory;
    private final ResourceMeter meter;
    private final @Nullable LaneState[] before;
    private final boolean[] dirty;
    /** Where lanes part, by block. */
    private final Map<Integer, Cause> parting = new TreeMap<>();

    private LaneAnalysis(
            ControlFlowGraph graph,
            WeakTopologicalOrder order,
            IntPredicate isPossible,
            ContextLayout context,
            ReachedMemory memory,
            ResourceMeter meter) {
        this.graph = graph;
        this.order = order;
        this.isPossible = isPossible;
        this.meeting = PostDominators.of(graph);
        this.transfer = new LaneTransfer(context, memory);
        this.memory = memory;
        this.meter = meter;
        this.before = new @Nullable LaneState[graph.size()];
        this.dirty = new boolean[graph.size()];
    }

    /**
     * The branches where lanes may part, in order of their instructions; of one that several activations run, the first.
     *
     * @param isPossible whether some execution takes an edge
     * @param context what {@code r1} points to
     */
    public static List<Divergence> divergences(
            ControlFlowGraph graph,
            WeakTopologicalOrder order,
            IntPredicate isPossible,
            ContextLayout context,
            ReachedMemory memory,
            ResourceMeter meter) {
        LaneAnalysis analysis = new LaneAnalysis(graph, order, isPossible, context, memory, meter);
        analysis.run();
        return analysis.found();
    }

    private void run() {
        LaneState start = LaneState.atDepth(0);
        meter.hold(start.bytes());
        before[0] = start;
        dirty[0] = true;
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int i = 0; i < order.size(); i++) {
                int block = order.block(i);
                if (dirty[block]) {
                    dirty[block] = false;
                    changed = true;
                    visit(graph.block(block));
                }
            }
        }
    }

    private void visit(BasicBlock block) {
        LaneState state = at(block.id()).copy();
        meter.charge(block.length(), block.first());
        for (int index = block.first(); index <= block.last(); index++) {
            transfer.apply(state, graph.program().get(index), block.id(), index);
        }
        switch (graph.program().get(block.last())) {
            case Instruction.CondJump jump -> branch(block, jump, state);
            case Instruction.CallLocal _ -> {
                state.push();
                flow(2 * block.id(), state);
            }
            case Instruction.Exit _ -> {
                if (block.context().depth() > 0) {
                    state.pop();
                }
                flow(2 * block.id(), state);
            }
            default -> flow(2 * block.id(), state);
        }
    }

    private LaneState at(int block) {
        LaneState state = before[block];
        if (state == null) {
            throw new IllegalStateException("block " + block + " has no state");
        }
        return state;
    }

    private void flow(int edge, LaneState state) {
        int target = graph.edgeTarget(edge);
        if (target < 0 || !isPossible.test(edge)) {
            return;
        }
        add(target, state);
    }

    private void add(int block, LaneState state) {
        LaneState known = before[block];
        if (known == null) {
            meter.hold(state.bytes());
            before[block] = state.copy();
            dirty[block] = true;
        } else if (known.add(state)) {
            dirty[block] = true;
        }
    }

    private void branch(BasicBlock block, Instruction.CondJump jump, LaneState state) {
        int edge = 2 * block.id();
        Cause cause = differs(jump, state);
        if (cause != null
                && isPossible.test(edge)
                && isPossible.test(edge + 1)
                && parting.putIfAbsent(block.id(), cause) == null) {
            meet(block, new Cause(block.last(), Source.PARTED, "", cause));
        }
        flow(edge, state);
        flow(edge + 1, state);
    }

    private static @Nullable Cause differs(Instruction.CondJump jump, LaneState state) {
        Cause left = state.get(jump.left());
        return left == null && jump.right() instanceof Register right ? state.get(right) : left;
    }

    /** Lets differ what is set between a branch and the block where its lanes meet. */
    private void meet(BasicBlock branch, Cause cause) {
        int meets = meeting.immediate(branch.id());
        if (meets == PostDominators.NONE) {
            return;
        }
        int depth = graph.block(meets).context().depth();
        LaneState atMeeting = LaneState.atDepth(depth);
        long held = atMeeting.bytes() + (1L + Integer.BYTES) * graph.size();
        meter.hold(held);
        boolean[] seen = new boolean[graph.size()];
        int[] stack = new int[graph.size()];
        int top = 0;
        seen[meets] = true;
        for (int at = branch.id(); at >= 0; at = top == 0 ? -1 : stack[--top]) {
            if (at != branch.id() || seen[at]) {
                BasicBlock block = graph.block(at);
                meter.charge(block.length(), block.first());
                BlockWrites.of(block, graph.program(), memory)
                        .differ(atMeeting, cause, block.context().depth() - depth, depth);
            }
            for (int edge = 2 * at; edge <= 2 * at + 1; edge++) {
                int target = graph.edgeTarget(edge);
                if (target >= 0 && isPossible.test(edge) && !seen[target]) {
                    seen[target] = true;
                    stack[top++] = target;
                }
            }
        }
        add(meets, atMeeting);
        meter.release(held);
    }

    private List<Divergence> found() {
        Map<Integer, Divergence> byIndex = new TreeMap<>();
        parting.forEach((block, cause) -> {
            int index = graph.block(block).last();
            Instruction.CondJump jump = (Instruction.CondJump) graph.program().get(index);
            byIndex.merge(index, divergence(index, jump, block, cause), (a, b) -> a.isFirst() ? a : b);
        });
        return byIndex.values().stream()
                .sorted(Comparator.comparingInt(Divergence::index))
                .toList();
    }

    private Divergence divergence(int index, Instruction.CondJump jump, int block, Cause cause) {
        LaneState state = at(block).copy();
        BasicBlock b = graph.block(block);
        for (int i = b.first(); i <= b.last(); i++) {
            transfer.apply(state, graph.program().get(i), block, i);
        }
        Register operand = state.get(jump.left()) != null || !(jump.right() instanceof Register r) ? jump.left() : r;
        List<Reason> reasons = new ArrayList<>();
        boolean isFirst = true;
        for (Cause c = cause; c != null; c = c.because()) {
            isFirst &= c.source() != Source.PARTED;
            reasons.add(new Reason(c.index(), c.text()));
        }
        return new Divergence(index, operand, isFirst, reasons);
    }
}
