package dev.gbpf.lang.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.IntervalSet;

/** Puts the set of tokens that the parser could use into words. */
final class ExpectedTokens {
    private static final Set<Integer> STATEMENT = Set.of(
            GbpfParser.LET,
            GbpfParser.VAR,
            GbpfParser.DELETE,
            GbpfParser.IF,
            GbpfParser.FOR,
            GbpfParser.MATCH,
            GbpfParser.BREAK,
            GbpfParser.CONTINUE,
            GbpfParser.RETURN,
            GbpfParser.OPEN_BRACE);
    private static final Set<Integer> EXPRESSION = Set.of(
            GbpfParser.NUMBER,
            GbpfParser.ID,
            GbpfParser.TRUE,
            GbpfParser.FALSE,
            GbpfParser.OPEN_PAREN,
            GbpfParser.SUB,
            GbpfParser.BANG,
            GbpfParser.NOT,
            GbpfParser.MIN,
            GbpfParser.MAX,
            GbpfParser.MATCH);

    private ExpectedTokens() {}

    /** "an expression", "`;` or an operator". */
    static String describe(IntervalSet expected) {
        Set<Integer> types = new TreeSet<>(expected.toSet());
        List<String> words = new ArrayList<>();
        if (types.contains(GbpfParser.LET) && types.contains(GbpfParser.RETURN)) {
            words.add("a statement");
            types.removeAll(STATEMENT);
            types.removeAll(EXPRESSION);
        } else if (types.contains(GbpfParser.NUMBER)) {
            words.add("an expression");
            types.removeAll(EXPRESSION);
        }
        boolean operator = types.contains(GbpfParser.MUL);
        if (operator) {
            types.removeIf(t -> t >= GbpfParser.ADD && t <= GbpfParser.OR_OR);
            types.remove(GbpfParser.AS);
            types.remove(GbpfParser.ELSE);
            types.remove(GbpfParser.DOT);
        }
        if (types.contains(GbpfParser.ADD_ASSIGN)) {
            // Only a few calls have one.
            types.remove(GbpfParser.ELSE);
            types.removeIf(t -> t > GbpfParser.ASSIGN && t <= GbpfParser.SUB_SATURATING_ASSIGN);
        }
        types.remove(Token.EOF);
        types.forEach(t -> words.add(name(t)));
        if (operator) {
            words.add("an operator");
        }
        return join(words);
    }

    /** Whether a token type is a word that cannot be a name. */
    static boolean isKeyword(int type) {
        return type >= GbpfParser.POLICY && type <= GbpfParser.AS;
    }

    private static String name(int type) {
        if (type == GbpfParser.ID) {
            return "a name";
        }
        String literal = GbpfParser.VOCABULARY.getLiteralName(type);
        return literal == null ? GbpfParser.VOCABULARY.getDisplayName(type) : literal.replace('\'', '`');
    }

    private static String join(List<String> words) {
        if (words.isEmpty()) {
            return "the end of the file";
        }
        if (words.size() == 1) {
            return words.getFirst();
        }
        return String.join(", ", words.subList(0, words.size() - 1)) + " or " + words.getLast();
    }
}
