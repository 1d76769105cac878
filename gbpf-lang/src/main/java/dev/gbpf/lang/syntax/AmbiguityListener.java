package dev.gbpf.lang.syntax;

import java.util.BitSet;
import org.antlr.v4.runtime.DiagnosticErrorListener;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.atn.ATNConfigSet;
import org.antlr.v4.runtime.dfa.DFA;

/** Turns an ambiguity of the grammar into a failure. */
final class AmbiguityListener extends DiagnosticErrorListener {
    @Override
    public void reportAmbiguity(
            Parser recognizer,
            DFA dfa,
            int startIndex,
            int stopIndex,
            boolean exact,
            BitSet ambiguousAlternatives,
            ATNConfigSet configs) {
        throw new IllegalStateException("ambiguous grammar: rule=" + getDecisionDescription(recognizer, dfa)
                + " alternatives=" + getConflictingAlts(ambiguousAlternatives, configs) + " text="
                + recognizer
                        .getTokenStream()
                        .getText(
                                recognizer.getTokenStream().get(startIndex),
                                recognizer.getTokenStream().get(stopIndex)));
    }
}
