package dev.gbpf.host.swap;

import dev.gbpf.abi.Constants;

/** Why a policy becomes the one that decides. */
public enum ActivationReason {
    /** No policy was active. */
    START("start", Constants.START_FIRST),
    /** It replaces another, or another version of itself. */
    SWAP("swap", Constants.START_SWAP),
    /** It follows one that was taken out, because the operator chose it for that. */
    BASELINE("baseline", Constants.START_SWAP),
    /** An earlier policy comes back. */
    ROLLBACK("rollback", Constants.START_ROLLBACK);

    private final String word;
    private final long number;

    ActivationReason(String word, long number) {
        this.word = word;
        this.number = number;
    }

    /** The word in records. */
    public String word() {
        return word;
    }

    /** The value of {@code ctx.reason} of {@code init}. */
    public long number() {
        return number;
    }
}
