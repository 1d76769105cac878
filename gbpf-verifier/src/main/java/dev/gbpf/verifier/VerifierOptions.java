package dev.gbpf.verifier;

import dev.gbpf.verifier.analysis.StateObserver;

/**
 * Limits of a verification.
 *
 * @param budgetLimit lowers every program's budget to this many instructions, at least 1; greater values change nothing
 * @param stepLimit how much work the analysis of one program may do before it gives up, at least 1; an instruction that is
 *     interpreted counts 1
 * @param observer sees the states of the analysis
 */
public record VerifierOptions(long budgetLimit, long stepLimit, StateObserver observer) {
    /** Budgets as the hooks have them; 16 million steps, which take some seconds, and at the very worst half a minute. */
    public static final VerifierOptions DEFAULT = new VerifierOptions(Long.MAX_VALUE, 16_000_000, StateObserver.NONE);

    public VerifierOptions {
        if (budgetLimit < 1 || stepLimit < 1) {
            throw new IllegalArgumentException(
                    "verifier options budgetLimit=" + budgetLimit + " stepLimit=" + stepLimit + " must be at least 1");
        }
    }

    public VerifierOptions withBudgetLimit(long limit) {
        return new VerifierOptions(limit, stepLimit, observer);
    }

    public VerifierOptions withStepLimit(long limit) {
        return new VerifierOptions(budgetLimit, limit, observer);
    }

    public VerifierOptions withObserver(StateObserver newObserver) {
        return new VerifierOptions(budgetLimit, stepLimit, newObserver);
    }
}
