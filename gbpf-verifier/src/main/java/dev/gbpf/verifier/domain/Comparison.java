package dev.gbpf.verifier.domain;

/** Relations between two words that a branch can establish. */
public enum Comparison {
    EQUAL,
    NOT_EQUAL,
    UNSIGNED_LESS,
    UNSIGNED_LESS_OR_EQUAL,
    UNSIGNED_GREATER,
    UNSIGNED_GREATER_OR_EQUAL,
    SIGNED_LESS,
    SIGNED_LESS_OR_EQUAL,
    SIGNED_GREATER,
    SIGNED_GREATER_OR_EQUAL,
    /** Some bit is 1 in both. */
    COMMON_BITS,
    /** No bit is 1 in both. */
    NO_COMMON_BITS;

    /** What holds when this does not. */
    public Comparison negated() {
        return switch (this) {
            case EQUAL -> NOT_EQUAL;
            case NOT_EQUAL -> EQUAL;
            case UNSIGNED_LESS -> UNSIGNED_GREATER_OR_EQUAL;
            case UNSIGNED_LESS_OR_EQUAL -> UNSIGNED_GREATER;
            case UNSIGNED_GREATER -> UNSIGNED_LESS_OR_EQUAL;
            case UNSIGNED_GREATER_OR_EQUAL -> UNSIGNED_LESS;
            case SIGNED_LESS -> SIGNED_GREATER_OR_EQUAL;
            case SIGNED_LESS_OR_EQUAL -> SIGNED_GREATER;
            case SIGNED_GREATER -> SIGNED_LESS_OR_EQUAL;
            case SIGNED_GREATER_OR_EQUAL -> SIGNED_LESS;
            case COMMON_BITS -> NO_COMMON_BITS;
            case NO_COMMON_BITS -> COMMON_BITS;
        };
    }

    /** Whether it holds between a word and itself: always, never, or (for {@link #COMMON_BITS} and its negation) as it is 0. */
    public boolean holdsForEqual() {
        return switch (this) {
            case EQUAL,
                    UNSIGNED_LESS_OR_EQUAL,
                    UNSIGNED_GREATER_OR_EQUAL,
                    SIGNED_LESS_OR_EQUAL,
                    SIGNED_GREATER_OR_EQUAL,
                    COMMON_BITS -> true;
            case NOT_EQUAL, UNSIGNED_LESS, UNSIGNED_GREATER, SIGNED_LESS, SIGNED_GREATER, NO_COMMON_BITS -> false;
        };
    }
}
