package dev.gbpf.lang.syntax;

import dev.gbpf.lang.syntax.SyntaxTree.Gap;
import dev.gbpf.lang.syntax.SyntaxTree.Leaf;
import java.util.Arrays;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ErrorNode;
import org.antlr.v4.runtime.tree.ParseTreeListener;
import org.antlr.v4.runtime.tree.TerminalNode;

/**
 * Which rule of the grammar matched which tokens, 13 bytes for each rule that matched more than what another one did: inner
 * rules before the ones around them. It fills itself while the parser works, which then needs no tree of its own.
 */
final class SyntaxTable implements ParseTreeListener {
    private static final int FIRST = 256;

    private final TokenTable tokens;
    private final TokenCursor cursor;
    private final Positions positions;
    private final int textLength;
    private byte[] rules = new byte[FIRST];
    private int[] starts = new int[FIRST];
    private int[] stops = new int[FIRST];
    /** For each rule the first one inside of it, or itself. */
    private int[] firsts = new int[FIRST];

    private int size;

    /** An empty one, of a text of {@code textLength} units whose parser stands at {@code cursor}. */
    SyntaxTable(TokenTable tokens, TokenCursor cursor, Positions positions, int textLength) {
        this.tokens = tokens;
        this.cursor = cursor;
        this.positions = positions;
        this.textLength = textLength;
    }

    @Override
    public void exitEveryRule(ParserRuleContext rule) {
        int index = rule.getRuleIndex();
        int start = rule.getStart().getTokenIndex();
        boolean whole = index == GbpfParser.RULE_policy;
        int stop = whole ? tokens.size() - 1 : cursor.index() - 1;
        boolean known = size > 0 && starts[size - 1] == start && stops[size - 1] == stop;
        if (whole || (start < stop && !known)) {
            add(index, start, stop);
        }
    }

    private void add(int rule, int start, int stop) {
        // The last of them to grow: an OutOfMemoryError on the way leaves it as it was, and ANTLR reports more ends
        // after it.
        if (size == firsts.length) {
            int larger = size + (size >> 1);
            rules = Arrays.copyOf(rules, larger);
            starts = Arrays.copyOf(starts, larger);
            stops = Arrays.copyOf(stops, larger);
            firsts = Arrays.copyOf(firsts, larger);
        }
        int first = size;
        while (first > 0 && starts[first - 1] >= start) {
            first = firsts[first - 1];
        }
        rules[size] = (byte) rule;
        starts[size] = start;
        stops[size] = stop;
        firsts[size++] = first;
    }

    /** The whole source; the parser has matched it. */
    SyntaxTree.Branch root() {
        return new SyntaxTree.Branch(this, size - 1);
    }

    String rule(int node) {
        return GbpfParser.ruleNames[rules[node]];
    }

    /** Its first token. */
    int start(int node) {
        return starts[node];
    }

    /** Its last token. */
    int stop(int node) {
        return stops[node];
    }

    /** What a rule is made of, in order: numbers of tokens, and complements of numbers of rules. */
    int[] children(int node) {
        int count = stops[node] - starts[node] + 1;
        for (int inner = node - 1; inner >= firsts[node]; inner = firsts[inner] - 1) {
            count -= stops[inner] - starts[inner];
        }
        int[] children = new int[count];
        int token = stops[node];
        int inner = node - 1;
        while (--count >= 0) {
            if (inner >= firsts[node] && stops[inner] == token) {
                children[count] = ~inner;
                token = starts[inner] - 1;
                inner = firsts[inner] - 1;
            } else {
                children[count] = token--;
            }
        }
        return children;
    }

    Leaf leaf(int token) {
        Token at = tokens.get(token);
        int last = tokens.size() - 1;
        SourceToken text = SourceToken.of(at, positions);
        Gap before = new Gap(token == 0 ? 0 : positions.end(tokens.get(token - 1)), text.start());
        Gap after = new Gap(text.end(), token == last ? textLength : positions.start(tokens.get(token + 1)));
        return new Leaf(text, before, after, token == 0, token + 1 >= last);
    }

    @Override
    public void enterEveryRule(ParserRuleContext rule) {
        // A rule is known at its end.
    }

    @Override
    public void visitTerminal(TerminalNode node) {
        // Tokens are in their table.
    }

    @Override
    public void visitErrorNode(ErrorNode node) {
        // The error is reported by the strategy.
    }
}
