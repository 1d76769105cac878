package dev.gbpf.lang.syntax;

import java.util.List;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.TokenStream;
import org.antlr.v4.runtime.misc.IntervalSet;
import org.jspecify.annotations.Nullable;

/** Recognises what people write who are used to another language, and says how it is written here. */
final class Habits {
    private static final String DECLARE = "declare it outside of hooks, at the top level of the file";

    private final TokenStream tokens;
    private final Token found;
    private final IntervalSet expected;

    private Habits(TokenStream tokens, Token found, IntervalSet expected) {
        this.tokens = tokens;
        this.found = found;
        this.expected = expected;
    }

    /** Help for a token that does not fit, or null. */
    static @Nullable String hint(TokenStream tokens, Token found, IntervalSet expected) {
        Habits habits = new Habits(tokens, found, expected);
        String hint = habits.word();
        hint = hint == null ? habits.statement() : hint;
        hint = hint == null ? habits.declaration() : hint;
        return hint == null ? habits.symbols() : hint;
    }

    private @Nullable String word() {
        if (isWord(0, "and")) {
            return "both conditions: write `&&`";
        }
        if (isWord(0, "or")) {
            return "either condition: write `||`; the fallback of a map read follows `else`";
        }
        if (isWord(-1, "not")) {
            return "write `!` for a condition that must not hold";
        }
        if (isWord(0, "then")) {
            return "leave out `then`: the block in braces follows the condition";
        }
        if (isMethodCall()) {
            return "maps have no methods: `m[key] else 0` reads, `m[key] = v;` writes, `delete m[key];` removes";
        }
        return null;
    }

    private boolean isMethodCall() {
        return is(0, GbpfParser.OPEN_PAREN) && is(-1, GbpfParser.ID) && is(-2, GbpfParser.DOT);
    }

    private @Nullable String statement() {
        int start = SyntaxHints.statementStart(tokens, found).getType();
        if (is(-1, GbpfParser.FOR) && is(0, GbpfParser.OPEN_PAREN)) {
            return "a loop counts a range: `for i in 0..n { ... }`";
        }
        boolean head = start == GbpfParser.IF || start == GbpfParser.FOR || is(-1, GbpfParser.ELSE);
        if (head && expected.contains(GbpfParser.OPEN_BRACE) && !is(0, GbpfParser.ASSIGN)) {
            return "what follows stands in braces, even a single statement: `{ return; }`";
        }
        boolean statement = expected.contains(GbpfParser.LET) && expected.contains(GbpfParser.RETURN);
        if (statement && is(0, GbpfParser.ELSE)) {
            return "`else` follows the `}` of an `if`: `if ... { } else { }`";
        }
        if (statement
                && List.of(GbpfParser.CONST, GbpfParser.MAP, GbpfParser.HOOK).contains(found.getType())) {
            return DECLARE;
        }
        return null;
    }

    private @Nullable String declaration() {
        int start = SyntaxHints.statementStart(tokens, found).getType();
        if (start != GbpfParser.LET && start != GbpfParser.VAR && start != GbpfParser.CONST) {
            return null;
        }
        String keyword = SyntaxHints.statementStart(tokens, found).getText();
        if (is(0, GbpfParser.SEMICOLON) && expected.contains(GbpfParser.ASSIGN)) {
            return "a name gets its value where it is declared: `" + keyword + " x = 0;`";
        }
        boolean equals = is(0, GbpfParser.EQ) && expected.contains(GbpfParser.ASSIGN);
        boolean walrus = is(0, GbpfParser.ASSIGN) && is(-1, GbpfParser.COLON);
        return equals || walrus ? "one `=` gives a name its value: `" + keyword + " x = 0;`" : null;
    }

    private @Nullable String symbols() {
        if (is(-1, GbpfParser.EQ) && is(0, GbpfParser.ASSIGN)) {
            return "to compare, write `==`";
        }
        if (is(-1, GbpfParser.LT) && is(0, GbpfParser.GT)) {
            return "to compare, write `!=`";
        }
        boolean arrow = is(-1, GbpfParser.ID) && is(0, GbpfParser.ARROW) && is(1, GbpfParser.ID);
        if (arrow || (is(0, GbpfParser.COLON) && is(1, GbpfParser.COLON))) {
            return "a field follows a dot: `ctx.now_ns`";
        }
        if (is(-1, GbpfParser.MUL) && is(0, GbpfParser.MUL)) {
            return "there are no powers; multiply, or shift for powers of two: `1 << n`";
        }
        if (is(-1, GbpfParser.NUMBER) && is(0, GbpfParser.COMMA) && is(1, GbpfParser.NUMBER)) {
            return "groups of digits are parted by `_`: `1_000`";
        }
        return null;
    }

    private boolean isWord(int distance, String word) {
        return is(distance, GbpfParser.ID)
                && tokens.get(found.getTokenIndex() + distance).getText().equals(word);
    }

    /** Whether the token so far from the found one is of a type. */
    private boolean is(int distance, int type) {
        int index = found.getTokenIndex() + distance;
        return index >= 0 && index < tokens.size() && tokens.get(index).getType() == type;
    }
}
