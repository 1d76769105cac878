package dev.gbpf.verifier;

/**
 * Limits of a verification.
 *
 * @param budgetLimit lowers every program's budget to this many instructions, at least 1; greater values change nothing
 * @param stepLimit how much work the analysis of one program may do before it gives up, at least 1; an instruction that is
 *     interpreted counts 1
 * @param keepStates whether the result holds what was known at each point of the programs
 */
public record VerifierOptions(long budgetLimit, long stepLimit, boolean keepStates) {
    /** Budgets as the hooks have them; 16 million steps, which take some seconds, and at the very worst half a minute. */
    public static final VerifierOptions DEFAULT = new VerifierOptions(Long.MAX_VALUE, 16_000_000, false);

    public VerifierOptions {
        if (budgetLimit < 1 || stepLimit < 1) {
            throw new IllegalArgumentException(
                    "verifier options budgetLimit=" + budgetLimit + " stepLimit=" + stepLimit + " must be at least 1");
        }
    }

    public VerifierOptions withBudgetLimit(long limit) {
        return new VerifierOptions(limit, stepLimit, keepStates);
    }

    public VerifierOptions withStepLimit(long limit) {
        return new VerifierOptions(budgetLimit, limit, keepStates);
    }

    /** The same, and the result holds the states. */
    public VerifierOptions keepingStates() {
        return new VerifierOptions(budgetLimit, stepLimit, true);
    }
}
