package dev.gbpf.verifier;

import dev.gbpf.verifier.limit.AnalysisLimits;
import dev.gbpf.verifier.limit.Cancellation;
import java.time.Duration;

/**
 * Limits of a verification, who may stop it, and what it keeps.
 *
 * @param budgetLimit lowers every program's budget to this many instructions, at least 1; greater values change nothing
 * @param limits what the verifier itself may use
 * @param cancellation asked now and then whether to stop
 * @param keepStates whether the result holds what was known at each point of the programs
 */
public record VerifierOptions(long budgetLimit, AnalysisLimits limits, Cancellation cancellation, boolean keepStates) {
    /** Budgets as the hooks have them, the default limits, nobody who stops it, and no states. */
    public static final VerifierOptions DEFAULT =
            new VerifierOptions(Long.MAX_VALUE, AnalysisLimits.DEFAULT, Cancellation.NEVER, false);

    public VerifierOptions {
        if (budgetLimit < 1) {
            throw new IllegalArgumentException("verifier options budgetLimit=" + budgetLimit + " must be at least 1");
        }
    }

    public VerifierOptions withBudgetLimit(long limit) {
        return new VerifierOptions(limit, limits, cancellation, keepStates);
    }

    public VerifierOptions withLimits(AnalysisLimits newLimits) {
        return new VerifierOptions(budgetLimit, newLimits, cancellation, keepStates);
    }

    /** With another limit of {@link AnalysisLimits#steps}. */
    public VerifierOptions withStepLimit(long limit) {
        return withLimits(limits.withSteps(limit));
    }

    /** With another limit of {@link AnalysisLimits#memoryBytes}. */
    public VerifierOptions withMemoryLimit(long bytes) {
        return withLimits(limits.withMemoryBytes(bytes));
    }

    /** With another limit of {@link AnalysisLimits#time}. */
    public VerifierOptions withTimeLimit(Duration limit) {
        return withLimits(limits.withTime(limit));
    }

    public VerifierOptions withCancellation(Cancellation newCancellation) {
        return new VerifierOptions(budgetLimit, limits, newCancellation, keepStates);
    }

    /** The same, and the result holds the states. */
    public VerifierOptions keepingStates() {
        return new VerifierOptions(budgetLimit, limits, cancellation, true);
    }
}
