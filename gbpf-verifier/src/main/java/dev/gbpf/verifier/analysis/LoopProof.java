package dev.gbpf.verifier.analysis;

import dev.gbpf.isa.Instruction;
import dev.gbpf.verifier.cfg.BasicBlock;

/**
 * Proves the assertions in an outermost loop, with those in it, as soon as their states are stable, and bounds them. Where an assertion fails it tells the
 * flow functions how far registers get in the loops, and has them analysed once more.
 *
 * <p>Caps are sound here for the reason that {@link LoopCaps} gives: the states that the bounds come from hold every execution up to its first
 * fault, which is confirmed before they are used; those that enter the loop are final.
 */
final class LoopProof implements ForwardAnalyzer.LoopListener {
    private final Fixpoint fixpoint;
    private final InstructionCheck check;
    private final LoopCaps caps;
    private final LoopBounds bounds;
    /** The loop that was analysed last with what the bounds said. */
    private int capped = -1;

    /**
     * A proof.
     *
     * @param caps those that the flow functions keep; more are added to them
     */
    LoopProof(Fixpoint fixpoint, InstructionCheck check, LoopCaps caps) {
        this.fixpoint = fixpoint;
        this.bounds = new LoopBounds(fixpoint);
        this.check = check;
        this.caps = caps;
    }

    /** The bounds of the loops that are done. */
    LoopBounds bounds() {
        return bounds;
    }

    @Override
    public boolean isDone(int header) {
        int from = fixpoint.order().position(header);
        int to = fixpoint.order().loopEnd(header);
        boolean proved = true;
        for (int i = from; i < to; i++) {
            int block = fixpoint.order().block(i);
            DisjunctiveState before = fixpoint.states().before(block);
            proved &= before == null || isProved(block) || prove(block, before);
        }
        boolean confirmed = isConfirmed(from, to);
        if (!proved && confirmed && header != capped) {
            capped = header;
            LoopBounds sharper = new LoopBounds(fixpoint);
            sharper.run(from, to);
            if (caps.addAll(sharper.caps())) {
                return false;
            }
        }
        bounds.run(from, to);
        for (int i = from; i < to; i++) {
            fixpoint.flow().changes().forget(fixpoint.order().block(i));
        }
        return true;
    }

    /** Whether the last visit of a block has proved it. */
    private boolean isProved(int block) {
        return fixpoint.flow().isProved(block) && fixpoint.states().isComputed(block);
    }

    private boolean prove(int block, DisjunctiveState before) {
        BasicBlock b = fixpoint.graph().block(block);
        PlaceChanges changes = fixpoint.flow().changes();
        boolean holds = true;
        changes.begin(block);
        for (EbpfState disjunct : before.disjuncts()) {
            fixpoint.meter().interpret(b.length(), b.first());
            EbpfState state = disjunct.copy();
            for (int i = b.first(); i <= b.last() && holds; i++) {
                Instruction instruction = fixpoint.graph().program().get(i);
                holds = check.violation(instruction, state, i, block) == null;
                changes.add(instruction, state);
                fixpoint.transformer().apply(state, instruction, i);
            }
        }
        if (holds) {
            fixpoint.flow().setProved(block);
            // Counters are followed with one state for each point.
            if (before.disjuncts().size() == 1) {
                changes.end(block);
            }
        }
        return holds;
    }

    private boolean isConfirmed(int from, int to) {
        boolean holds = fixpoint.confirmsEntry(fixpoint.order().block(from));
        for (int i = from; i < to && holds; i++) {
            holds = fixpoint.confirms(fixpoint.order().block(i), to);
        }
        return holds;
    }
}
