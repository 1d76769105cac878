package dev.gbpf.verifier.analysis;

import dev.gbpf.verifier.cfg.CallContext;

/** Sees the final state before each instruction that executions can reach, for explanation and for tests. */
@FunctionalInterface
public interface StateObserver {
    /** Sees nothing. */
    StateObserver NONE = (context, index, state) -> {};

    /** An analysis begins; where one was seen before, it did not decide and its states are void. */
    default void begin() {}

    /**
     * One state, valid during the call only.
     *
     * @param context the activation that the instruction runs in; called for each activation, and for each of the
     *     states of which one holds there
     * @param index index of the instruction in the program
     * @param state what is known before it runs
     */
    void observe(CallContext context, int index, EbpfState state);
}
