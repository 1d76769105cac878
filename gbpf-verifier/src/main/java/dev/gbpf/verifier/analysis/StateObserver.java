package dev.gbpf.verifier.analysis;

import dev.gbpf.verifier.cfg.CallContext;

/** Sees the state before each instruction that executions can reach: {@link AnalysisStates#observe}. */
@FunctionalInterface
public interface StateObserver {
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
