package dev.gbpf.verifier.analysis;

import dev.gbpf.verifier.testkit.MachineValue;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What symbols and identities of one state stand for in one execution. They have small numbers, given by {@link StateFacts}. */
final class Relations {
    private @Nullable MachineValue[] identities = new @Nullable MachineValue[8];
    private long[] symbols = new long[8];
    private boolean[] isKnown = new boolean[8];

    /** Forgets everything, for a state that relates so many identities and symbols. */
    void start(int identityCount, int symbolCount) {
        if (identityCount > 0) {
            if (identities.length < identityCount) {
                identities = new @Nullable MachineValue[2 * identityCount];
            }
            Arrays.fill(identities, 0, identityCount, null);
        }
        if (symbolCount > 0) {
            if (symbols.length < symbolCount) {
                symbols = new long[2 * symbolCount];
                isKnown = new boolean[2 * symbolCount];
            }
            Arrays.fill(isKnown, 0, symbolCount, false);
        }
    }

    /** Whether an identity is a value, if it is already known to be one. */
    boolean isIdentity(int identity, MachineValue actual) {
        MachineValue other = identities[identity];
        identities[identity] = actual;
        return other == null || other.equals(actual);
    }

    /** Whether a symbol is a number, if it is already known to be one. */
    boolean isSymbol(int symbol, long actual) {
        boolean holds = !isKnown[symbol] || symbols[symbol] == actual;
        isKnown[symbol] = true;
        symbols[symbol] = actual;
        return holds;
    }
}
