package dev.gbpf.lang.query;

import dev.gbpf.lang.syntax.SourceToken;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** Which brackets tokens stand in. A bracket that is never closed reaches to the end of the file. */
final class Nesting {
    /** Of each token, the index of the innermost open bracket; -1 when there is none. */
    private final int[] openers;
    /** Of each opening bracket, the index of what closes it; of other tokens, -1. */
    private final int[] closers;

    private Nesting(int[] openers, int[] closers) {
        this.openers = openers;
        this.closers = closers;
    }

    static Nesting of(List<SourceToken> tokens) {
        int[] openers = new int[tokens.size()];
        int[] closers = new int[tokens.size()];
        Arrays.fill(closers, -1);
        Deque<Integer> open = new ArrayDeque<>();
        for (int i = 0; i < tokens.size(); i++) {
            SourceToken token = tokens.get(i);
            if (token.is("}")) {
                // A brace closes whatever was left open inside.
                while (!open.isEmpty() && !tokens.get(open.element()).is("{")) {
                    closers[open.pop()] = i;
                }
            }
            if ((token.is("}") || token.is(")") || token.is("]")) && !open.isEmpty()) {
                closers[open.pop()] = i;
            }
            openers[i] = open.isEmpty() ? -1 : open.element();
            if (token.is("{") || token.is("(") || token.is("[")) {
                open.push(i);
            }
        }
        for (int opener : open) {
            closers[opener] = tokens.size() - 1;
        }
        return new Nesting(openers, closers);
    }

    /** The index of the innermost bracket around a token, -1 at the top level; a bracket is not around itself. */
    int opener(int index) {
        return openers[index];
    }

    /** The index of what closes the bracket at an index. */
    int closer(int index) {
        return closers[index];
    }
}
