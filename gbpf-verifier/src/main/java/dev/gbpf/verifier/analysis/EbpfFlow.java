package dev.gbpf.verifier.analysis;

import dev.gbpf.isa.Instruction;
import dev.gbpf.verifier.cfg.BasicBlock;
import dev.gbpf.verifier.cfg.ControlFlowGraph;
import dev.gbpf.verifier.cfg.StepMeter;
import dev.gbpf.verifier.domain.Scalar;
import dev.gbpf.verifier.platform.ContextModel;
import org.jspecify.annotations.Nullable;

/** The flow functions of a program: instructions one after the other, then the edges. */
final class EbpfFlow implements FlowFunctions<EbpfState> {
    /** What a block costs besides its instructions: its edges' states are joined and compared. */
    private static final int STEPS_PER_BLOCK = 3;

    private final ControlFlowGraph graph;
    private final EbpfTransformer transformer;
    private final ContextModel context;
    private final StepMeter meter;

    EbpfFlow(ControlFlowGraph graph, EbpfTransformer transformer, ContextModel context, StepMeter meter) {
        this.graph = graph;
        this.transformer = transformer;
        this.context = context;
        this.meter = meter;
    }

    @Override
    public EbpfState atEntry() {
        return switch (context) {
            case ContextModel.Fields _ ->
                EbpfState.atEntry(Value.Pointer.to(new Region.Context()), Value.Uninitialised.INSTANCE);
            case ContextModel.RawMemory(int size) ->
                EbpfState.atEntry(
                        size == 0 ? Value.Numeric.of(Scalar.constant(0)) : Value.Pointer.to(new Region.RawMemory(size)),
                        Value.Numeric.of(Scalar.constant(size)));
        };
    }

    @Override
    public void transfer(int block, EbpfState before, @Nullable Object[] onEdges) {
        BasicBlock b = graph.block(block);
        meter.charge(b.length() + STEPS_PER_BLOCK + b.context().depth(), b.first());
        EbpfState state = before.copy();
        for (int i = b.first(); i <= b.last(); i++) {
            transformer.apply(state, graph.program().get(i));
        }
        leave(block, state, onEdges);
    }

    /** The states on the edges of a block, given the one after its last instruction, which is used up. */
    void leave(int block, EbpfState after, @Nullable Object[] onEdges) {
        BasicBlock b = graph.block(block);
        switch (graph.program().get(b.last())) {
            case Instruction.CondJump jump -> {
                EbpfState whenTaken = after.copy();
                onEdges[2 * block + 1] = BranchRefinement.refine(whenTaken, jump, true) ? whenTaken : null;
                onEdges[2 * block] = BranchRefinement.refine(after, jump, false) ? after : null;
            }
            case Instruction.CallLocal call -> {
                after.push();
                onEdges[2 * block] = after;
            }
            case Instruction.Exit exit -> {
                if (graph.next(block) >= 0) {
                    after.pop();
                    onEdges[2 * block] = after;
                }
            }
            default -> onEdges[2 * block] = after;
        }
    }
}
