package dev.gbpf.verifier.analysis;

import org.jspecify.annotations.Nullable;

/**
 * What a block makes of a state.
 *
 * @param <S> states
 */
interface FlowFunctions<S> {
    /** The state before the first block. */
    S atEntry();

    /**
     * The states on the edges that leave a block, given the one before it.
     *
     * @param mayBeLast whether the state may well be the one that is kept, so that what is asked about it later can be found now
     * @param onEdges receives the state on the edge to the next block at {@code 2 * block} and on that to the taken one at
     *     {@code 2 * block + 1}; null where no execution goes
     */
    void transfer(int block, S before, boolean mayBeLast, @Nullable Object[] onEdges);
}
