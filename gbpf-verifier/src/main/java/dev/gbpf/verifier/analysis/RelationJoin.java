package dev.gbpf.verifier.analysis;

import java.util.Arrays;

/** Carries identities and symbols of values through the join of two states: what is related in both is in the result. */
final class RelationJoin {
    private final PairTable identities = new PairTable();
    private final PairTable symbols = new PairTable();
    /** By symbol of the result: the first state's delta of the place that was seen first. */
    private long[] bases = {};

    private long delta;

    /**
     * The identity of a join: places share one in the result exactly when they share one in both states.
     *
     * @return 0 when either has none
     */
    int identity(int a, int b) {
        if (a == 0 || b == 0) {
            return 0;
        }
        return (int) identities.putIfAbsent(a, b, identities.size() + 1L);
    }

    /**
     * The symbol of the join of {@code symbolA + deltaA} with {@code symbolB + deltaB}; its delta is then {@link #delta()}. Two
     * places share a symbol in the result exactly when they share one in both states and are as far apart in both.
     *
     * @return 0 when either has none
     */
    int symbol(int symbolA, long deltaA, int symbolB, long deltaB) {
        delta = 0;
        if (symbolA == 0 || symbolB == 0) {
            return 0;
        }
        long pair = ((long) symbolA << 32) | (symbolB & 0xFFFF_FFFFL);
        int next = symbols.size() + 1;
        int symbol = (int) symbols.putIfAbsent(pair, deltaA - deltaB, next);
        if (symbol >= bases.length) {
            bases = Arrays.copyOf(bases, Math.max(8, 2 * symbol));
        }
        if (symbols.size() == next) {
            bases[symbol] = deltaA;
        }
        delta = deltaA - bases[symbol];
        return symbol;
    }

    /** The delta that belongs to the symbol that was given last. */
    long delta() {
        return delta;
    }

    /** The greatest identity or symbol that was given. */
    int greatest() {
        return Math.max(identities.size(), symbols.size());
    }
}
