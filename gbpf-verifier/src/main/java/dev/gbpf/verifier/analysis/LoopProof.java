package dev.gbpf.verifier.analysis;

/**
 * Proves the assertions in an outermost loop, with those in it, as soon as their states are stable; where that fails it tells the flow functions how far
 * registers get in them, and has them analysed once more.
 *
 * <p>Caps are sound here for the reason that {@link LoopCaps} gives: the states that the bounds come from hold every execution up to its first
 * fault, which is confirmed before they are used; those that enter the loop are final.
 */
final class LoopProof implements ForwardAnalyzer.LoopListener {
    private final Fixpoint fixpoint;
    private final LoopCaps caps;
    /** The loop that was analysed last with what the bounds said. */
    private int capped = -1;

    /**
     * A proof.
     *
     * @param caps those that the flow functions keep; more are added to them
     */
    LoopProof(Fixpoint fixpoint, LoopCaps caps) {
        this.fixpoint = fixpoint;
        this.caps = caps;
    }

    @Override
    public boolean isDone(int header) {
        int from = fixpoint.order().position(header);
        int to = fixpoint.order().loopEnd(header);
        boolean proved = true;
        for (int i = from; i < to; i++) {
            int block = fixpoint.order().block(i);
            DisjunctiveState before = fixpoint.states().before(block);
            proved &= before == null || fixpoint.flow().prove(block, before);
        }
        if (proved || header == capped || !isConfirmed(from, to)) {
            return true;
        }
        LoopBounds bounds = new LoopBounds(fixpoint);
        bounds.run(from, to);
        capped = header;
        return !caps.addAll(bounds.caps());
    }

    private boolean isConfirmed(int from, int to) {
        boolean holds = fixpoint.confirmsEntry(fixpoint.order().block(from));
        for (int i = from; i < to && holds; i++) {
            holds = fixpoint.confirms(fixpoint.order().block(i), to);
        }
        return holds;
    }
}
