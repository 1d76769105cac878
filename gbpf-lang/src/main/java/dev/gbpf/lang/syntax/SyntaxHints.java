package dev.gbpf.lang.syntax;

import dev.gbpf.diagnostic.Suggestion;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.TokenStream;
import org.antlr.v4.runtime.misc.IntervalSet;
import org.jspecify.annotations.Nullable;

/** Guesses what somebody meant who wrote something that is not in the grammar. */
final class SyntaxHints {
    private static final String NO_WHILE =
            "every loop has a bound: `for i in 0..n max 64 { ... }`, left early with `break`";
    private static final String OTHER_FUNCTIONS =
            "a function is declared with `fn`: `fn name(a: u64) -> u64 { return a; }`";
    private static final String NO_TYPES =
            "variables are declared with `let` (fixed) or `var` (can change): `var x = 0;`";
    private static final String IMPORTS =
            "modules are imported: `import std::token_bucket;` or `import \"common.gbpf\";`";
    private static final String NO_SWITCH = "write `match x { 1 | 2 => { ... } 3..=9 => { ... } _ => { ... } }`";

    private static final Map<String, String> FOREIGN = Map.ofEntries(
            Map.entry("while", NO_WHILE),
            Map.entry("loop", NO_WHILE),
            Map.entry("do", NO_WHILE),
            Map.entry("func", OTHER_FUNCTIONS),
            Map.entry("function", OTHER_FUNCTIONS),
            Map.entry("def", OTHER_FUNCTIONS),
            Map.entry("int", NO_TYPES),
            Map.entry("long", NO_TYPES),
            Map.entry("unsigned", NO_TYPES),
            Map.entry("u64", NO_TYPES),
            Map.entry("i64", NO_TYPES),
            Map.entry("u32", NO_TYPES),
            Map.entry("bool", NO_TYPES),
            Map.entry("mut", "write `var x = ...;` for a variable that changes"),
            Map.entry("switch", NO_SWITCH),
            Map.entry("elif", "write `else if`"),
            Map.entry("elsif", "write `else if`"),
            Map.entry("enum", "use constants: `const NAME = 1;`"),
            Map.entry("static", "what must last from one decision to the next lives in a map"),
            Map.entry("goto", "use `break`, `continue` or `return`"),
            Map.entry("use", IMPORTS),
            Map.entry("include", IMPORTS));

    private SyntaxHints() {}

    /** What to write instead of a word that other languages have, or null. */
    static @Nullable String foreign(Token token) {
        return token.getType() == GbpfParser.ID ? FOREIGN.get(token.getText()) : null;
    }

    /** Whether a word stands where a type belongs, so that it is none of another language. */
    static boolean namesType(TokenStream tokens, Token token) {
        int before = token.getTokenIndex() == 0
                ? Token.EOF
                : tokens.get(token.getTokenIndex() - 1).getType();
        return before == GbpfParser.COLON || before == GbpfParser.ARROW || before == GbpfParser.AS;
    }

    /** The first token of the statement or declaration that {@code token} is in. */
    static Token statementStart(TokenStream tokens, Token token) {
        int index = token.getTokenIndex();
        while (index > 0 && !separates(tokens.get(index - 1).getType())) {
            index--;
        }
        return tokens.get(index);
    }

    /** Whether a keyword begins a statement or a declaration. */
    static boolean startsStatement(int type) {
        return switch (type) {
            case GbpfParser.LET,
                    GbpfParser.VAR,
                    GbpfParser.DELETE,
                    GbpfParser.IF,
                    GbpfParser.FOR,
                    GbpfParser.MATCH,
                    GbpfParser.BREAK,
                    GbpfParser.CONTINUE,
                    GbpfParser.RETURN,
                    GbpfParser.IMPORT,
                    GbpfParser.CONST,
                    GbpfParser.STRUCT,
                    GbpfParser.MAP,
                    GbpfParser.FN,
                    GbpfParser.HOOK,
                    GbpfParser.TEST,
                    GbpfParser.GIVEN,
                    GbpfParser.EXPECT,
                    GbpfParser.AT -> true;
            default -> false;
        };
    }

    /** Help for a token that does not fit, or null. */
    static @Nullable String forUnexpected(
            TokenStream tokens, Token found, @Nullable Token previous, IntervalSet expected) {
        String habit = Habits.hint(tokens, found, expected);
        if (habit != null) {
            return habit;
        }
        if (found.getType() == GbpfParser.ID) {
            String meant = misspelledKeyword(found, expected);
            if (meant != null) {
                return "did you mean `" + meant + "`?";
            }
        }
        if (ExpectedTokens.isKeyword(found.getType()) && expected.contains(GbpfParser.ID)) {
            return "a keyword cannot be a name; choose another, such as `" + found.getText() + "_`";
        }
        if (found.getType() == GbpfParser.ASSIGN && inCondition(tokens, found)) {
            return "`=` assigns; to compare, write `==`";
        }
        if (previous != null && (repeatedSign(tokens, found) || repeatedSign(tokens, previous))) {
            return "there is no `" + previous.getText().repeat(2) + "`; write `x " + previous.getText() + "= 1;`";
        }
        if (previous != null && previous.getType() == GbpfParser.NUMBER && found.getType() == GbpfParser.DOT) {
            return "there are no fractions; scale to a smaller unit, for example parts of 1024";
        }
        if (found.getType() == GbpfParser.ELSE && expected.contains(GbpfParser.SEMICOLON)) {
            return "`else` gives a map read its fallback; inside a larger expression put it in parentheses:"
                    + " `1 + (m[k] else 0)`";
        }
        if (expected.contains(GbpfParser.FAT_ARROW) || isInArm(tokens, found)) {
            return "in a statement each arm of a `match` is a block: `1 => { ... }`; in an expression it is a value,"
                    + " and a comma follows";
        }
        if (found.getType() == GbpfParser.CLOSE_BRACE || found.getType() == Token.EOF) {
            return null;
        }
        return topLevelStatement(found, expected);
    }

    private static @Nullable String topLevelStatement(Token found, IntervalSet expected) {
        if (!expected.contains(GbpfParser.HOOK)) {
            return null;
        }
        return switch (found.getType()) {
            case GbpfParser.LET, GbpfParser.VAR ->
                "variables stand in hooks and functions; what must last lives in a map";
            case GbpfParser.POLICY, GbpfParser.MODULE -> "a file holds one policy, or is one module";
            default -> "statements stand in a hook: `hook on_submit(ctx) { ... }`";
        };
    }

    private static @Nullable String misspelledKeyword(Token found, IntervalSet expected) {
        List<String> keywords = IntStream.rangeClosed(GbpfParser.POLICY, GbpfParser.AS)
                .filter(expected::contains)
                .mapToObj(t -> GbpfParser.VOCABULARY.getLiteralName(t).replace("'", ""))
                .toList();
        return Suggestion.closest(found.getText(), keywords).orElse(null);
    }

    private static boolean inCondition(TokenStream tokens, Token found) {
        int start = statementStart(tokens, found).getType();
        return start == GbpfParser.IF || start == GbpfParser.ELSE;
    }

    /** Whether {@code second} and the token before it are {@code ++} or {@code --}. */
    private static boolean repeatedSign(TokenStream tokens, Token second) {
        int type = second.getType();
        return (type == GbpfParser.ADD || type == GbpfParser.SUB)
                && second.getTokenIndex() > 0
                && tokens.get(second.getTokenIndex() - 1).getType() == type;
    }

    /** Whether a {@code =>} stands between the beginning of a statement and a token. */
    private static boolean isInArm(TokenStream tokens, Token token) {
        int index = token.getTokenIndex();
        while (index > 0 && !separates(tokens.get(index - 1).getType())) {
            index--;
            if (tokens.get(index).getType() == GbpfParser.FAT_ARROW) {
                return true;
            }
        }
        return false;
    }

    private static boolean separates(int type) {
        return type == GbpfParser.SEMICOLON || type == GbpfParser.OPEN_BRACE || type == GbpfParser.CLOSE_BRACE;
    }
}
