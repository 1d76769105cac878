package dev.gbpf.verifier.analysis;

/**
 * Carries identities and symbols of values through the join of two states: what is related in both is in the result.
 *
 * <p>A name that a place has in both states it keeps, so that a value which both states share is its own join and need not be
 * looked at; other pairs of names get new names, above those of both states. A place that is {@code symbolA + deltaA} in the
 * first state keeps its delta: the new symbol is what {@code symbolA} is there, and {@code symbolB} less the distance of the
 * deltas in the second.
 */
final class RelationJoin {
    private final PairTable identities = new PairTable();
    private final PairTable symbols = new PairTable();
    private int greatest;

    /**
     * Begins a join, and forgets the one before.
     *
     * @param greatestName the greatest identity or symbol of either state
     */
    RelationJoin begin(int greatestName) {
        greatest = greatestName;
        identities.clear();
        symbols.clear();
        return this;
    }

    /**
     * The identity of a join: places share one in the result exactly when they share one in both states.
     *
     * @return 0 when either has none
     */
    int identity(int a, int b) {
        if (a == 0 || b == 0 || a == b) {
            return b == 0 ? 0 : a;
        }
        return named(identities.putIfAbsent(a, b, greatest + 1L));
    }

    /**
     * The symbol of the join of {@code symbolA + deltaA} with {@code symbolB + deltaB}; its delta is {@code deltaA}. Two places
     * share a symbol in the result exactly when they share one in both states and are as far apart in both.
     *
     * @return 0 when either has none
     */
    int symbol(int symbolA, long deltaA, int symbolB, long deltaB) {
        if (symbolA == 0 || symbolB == 0) {
            return 0;
        }
        if (symbolA == symbolB && symbolA > 0 && deltaA == deltaB) {
            return symbolA;
        }
        long pair = ((long) symbolA << 32) | (symbolB & 0xFFFF_FFFFL);
        return named(symbols.putIfAbsent(pair, deltaA - deltaB, greatest + 1L));
    }

    /** Names that do not fit an {@code int} are given up, which only loses a relation. */
    private int named(long name) {
        if (name > Integer.MAX_VALUE) {
            return 0;
        }
        greatest = Math.max(greatest, (int) name);
        return (int) name;
    }

    /** The greatest identity or symbol of the result. */
    int greatest() {
        return greatest;
    }
}
