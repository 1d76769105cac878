package dev.gbpf.verifier.explain;

import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.verifier.analysis.AnalysisStates;
import dev.gbpf.verifier.analysis.EbpfState;
import dev.gbpf.verifier.cfg.BasicBlock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A way through the graph to an instruction, with a state before each instruction on it. The states are those of this way alone,
 * from the entry on; if the fault needs more than one way they are from its {@link #joint} on what the analysis found there.
 */
final class AbstractPath {
    /** Instructions of a path that are kept; what comes before the last ones is left out. */
    private static final int MAX_LENGTH = 20_000;

    /** The memory of a step and its state, about. */
    private static final int STEP_BYTES = 256;

    private final Program program;
    private final List<Step> steps = new ArrayList<>();
    private int joint = -1;
    private Joint kind = Joint.NONE;
    private @Nullable EbpfState beforeJoint;

    /** Why a fault needs more than one way. */
    enum Joint {
        /** It does not. */
        NONE,
        /** It takes iterations of a loop, whose head is the joint. */
        LOOP,
        /** It takes several ways that meet at the joint. */
        MERGE
    }

    /**
     * An instruction on the path.
     *
     * @param block its block
     * @param index its index in the program
     * @param edge the edge that leaves the block after it; -1 when the path goes on in the block, or ends
     * @param before what is known before it
     */
    record Step(BasicBlock block, int index, int edge, EbpfState before) {
        int frame() {
            return block.context().depth();
        }
    }

    /**
     * Follows blocks to an instruction.
     *
     * @param edges from block to block, the first from the entry
     * @param last index of the instruction, in the block that the last edge leads to
     * @param jointAfter how many edges lead to the joint
     * @param atJoint the state there; null when there is no joint
     */
    AbstractPath(
            AnalysisStates states,
            List<Integer> edges,
            int last,
            Joint kind,
            int jointAfter,
            @Nullable EbpfState atJoint,
            EbpfState atEntry) {
        this.program = states.graph().program();
        int skipped = skipped(states, edges, atJoint == null ? edges.size() : jointAfter);
        EbpfState state =
                skipped == 0 ? atEntry : states.onEdge(edges.get(skipped - 1)).getFirst();
        for (int i = skipped; i <= edges.size(); i++) {
            if (atJoint != null && i == jointAfter) {
                this.joint = steps.size();
                this.kind = kind;
                this.beforeJoint = state;
                state = atJoint;
            }
            int edge = i < edges.size() ? edges.get(i) : -1;
            BasicBlock block = states.graph().block(i == 0 ? 0 : states.graph().edgeTarget(edges.get(i - 1)));
            state = follow(states, block, edge, edge < 0 ? last : block.last(), state);
        }
    }

    private EbpfState follow(AnalysisStates states, BasicBlock block, int edge, int last, EbpfState before) {
        EbpfState state = before;
        for (int k = block.first(); k <= last; k++) {
            states.hold(STEP_BYTES);
            steps.add(new Step(block, k, k == last ? edge : -1, state));
            state = states.after(state, k);
        }
        EbpfState next = edge < 0 ? state : states.along(state, edge);
        // A prefix that no single execution takes: go on with what is known there.
        return next != null ? next : states.onEdge(edge).getFirst();
    }

    private AbstractPath(AnalysisStates states) {
        this.program = states.graph().program();
    }

    /**
     * A straight way that begins in a block, in one of the states that are known there.
     *
     * @param edges from block to block, the first from {@code start}
     * @param last index of the last instruction
     */
    static AbstractPath from(AnalysisStates states, int start, List<Integer> edges, int last) {
        AbstractPath path = new AbstractPath(states);
        EbpfState state = states.before(start).getFirst();
        int block = start;
        for (int edge : edges) {
            BasicBlock b = states.graph().block(block);
            state = path.follow(states, b, edge, b.last(), state);
            block = states.graph().edgeTarget(edge);
        }
        path.follow(states, states.graph().block(block), -1, last, state);
        return path;
    }

    /** How many edges to leave out so that the path is not too long; never any after the joint. */
    private static int skipped(AnalysisStates states, List<Integer> edges, int limit) {
        int length = 0;
        for (int i = edges.size() - 1; i >= 0; i--) {
            length += states.graph()
                    .block(states.graph().edgeSource(edges.get(i)))
                    .length();
            if (length > MAX_LENGTH && i < limit) {
                return i + 1;
            }
        }
        return 0;
    }

    /** The blocks on it, in order. */
    List<Integer> blocks() {
        List<Integer> blocks = new ArrayList<>();
        for (Step step : steps) {
            if (step.index() == step.block().first()) {
                blocks.add(step.block().id());
            }
        }
        return blocks;
    }

    int size() {
        return steps.size();
    }

    Step step(int position) {
        return steps.get(position);
    }

    Instruction instruction(int position) {
        return program.get(steps.get(position).index());
    }

    /** The position where several ways come together, or -1. */
    int joint() {
        return joint;
    }

    Joint kind() {
        return kind;
    }

    /** What this way alone brings to the joint; null without one. */
    @Nullable
    EbpfState beforeJoint() {
        return beforeJoint;
    }

    /** What is known before the last instruction. */
    EbpfState last() {
        return steps.getLast().before();
    }
}
