package dev.gbpf.verifier.domain;

/**
 * The lattice operations that a fixpoint iteration needs. There is no least element: the empty set is {@code null} and never
 * passed.
 *
 * @param <S> immutable, or treated so: no operation changes its arguments
 */
public interface AbstractDomain<S> {
    /** Whether the concretisation of {@code larger} holds that of {@code smaller}; may say no when it does. */
    boolean includes(S larger, S smaller);

    /** An upper bound of both. */
    S join(S a, S b);

    /**
     * An upper bound of both such that every chain of widenings becomes stationary.
     *
     * @param place where the chain is: a domain may know what is compared there
     * @param round how often the same place was widened before in this chain; a domain may give up precision as it grows
     */
    S widen(S previous, S next, int place, int round);

    /** The memory that a state takes besides what it shares with those it was made from, about, in bytes; the same each time. */
    long bytes(S state);
}
