package dev.gbpf.lang.syntax;

import dev.gbpf.diagnostic.DiagnosticCollector;
import dev.gbpf.diagnostic.ErrorCode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;

/**
 * What must hold of the tokens before they are parsed: there are not too many, brackets pair up, and neither brackets nor
 * operators nest deeper than the recursion of the later phases can follow.
 */
final class TokenLimits {
    static final int MAX_TOKENS = 65_536;
    /** Brackets of all kinds that may be open at once. */
    static final int MAX_NESTING = 64;
    /** Operators between two of {@code ; { }}, the braces of a match in an expression not counted. */
    static final int MAX_OPERATORS = 256;

    private final Positions positions;
    private final DiagnosticCollector diagnostics;
    private final Deque<Opening> open = new ArrayDeque<>();
    /** Column of the first token of the present line. */
    private int indent;

    private int line;
    private @Nullable String suspicion;
    private @Nullable Token previous;
    /** For each match in an expression whose brace is to come, the number of brackets that are open around it. */
    private final Deque<Integer> matches = new ArrayDeque<>();

    private int operators;
    private boolean holds = true;

    private TokenLimits(Positions positions, DiagnosticCollector diagnostics) {
        this.positions = positions;
        this.diagnostics = diagnostics;
    }

    /** Whether they hold; what does not is reported. */
    static boolean hold(List<Token> tokens, Positions positions, DiagnosticCollector diagnostics) {
        TokenLimits limits = new TokenLimits(positions, diagnostics);
        if (tokens.size() > MAX_TOKENS) {
            limits.fail(
                    ErrorCode.TOO_MANY_TOKENS,
                    tokens.getLast(),
                    "the policy is too long: more than " + MAX_TOKENS + " tokens",
                    "the limit is reached here",
                    "a policy is one small file; split it into several policies");
            return false;
        }
        for (Token token : tokens) {
            limits.check(token);
            if (limits.open.size() > MAX_NESTING) {
                return false;
            }
        }
        limits.open.reversed().forEach(limits::neverClosed);
        return limits.holds;
    }

    /** An open bracket, how far the line that it stands in is indented, and whether it is the brace of a match in an expression. */
    private record Opening(Token token, int indent, boolean inExpression) {}

    private void check(Token token) {
        boolean first = token.getLine() > line;
        if (first) {
            line = token.getLine();
            indent = token.getCharPositionInLine();
        }
        switch (token.getType()) {
            case GbpfLexer.OPEN_BRACE, GbpfLexer.OPEN_PAREN, GbpfLexer.OPEN_BRACKET -> opening(token);
            case GbpfLexer.CLOSE_BRACE, GbpfLexer.CLOSE_PAREN, GbpfLexer.CLOSE_BRACKET -> closing(token, first);
            case GbpfLexer.SEMICOLON -> {
                operators = 0;
                matches.clear();
            }
            default -> {
                if (token.getType() == GbpfLexer.MATCH && !startsStatement()) {
                    matches.push(open.size());
                }
                if (isOperator(token.getType()) && ++operators == MAX_OPERATORS + 1) {
                    fail(
                            ErrorCode.EXPRESSION_TOO_LONG,
                            token,
                            "this expression has more than " + MAX_OPERATORS + " operators",
                            "one too many",
                            "compute it in steps: `let part = ...;`");
                }
            }
        }
        previous = token;
    }

    private boolean startsStatement() {
        return previous != null
                && (previous.getType() == GbpfLexer.SEMICOLON
                        || previous.getType() == GbpfLexer.OPEN_BRACE
                        || previous.getType() == GbpfLexer.CLOSE_BRACE);
    }

    private void opening(Token token) {
        boolean brace = token.getType() == GbpfLexer.OPEN_BRACE;
        boolean inExpression = brace && !matches.isEmpty() && matches.element() == open.size();
        open.push(new Opening(token, indent, inExpression));
        if (inExpression) {
            matches.pop();
        } else if (brace) {
            operators = 0;
        }
        if (open.size() == MAX_NESTING + 1) {
            fail(
                    ErrorCode.NESTED_TOO_DEEPLY,
                    token,
                    "brackets are nested deeper than " + MAX_NESTING + " levels",
                    "one level too deep",
                    "give inner parts a name with `let`, or leave early with `return` and `continue`");
        }
    }

    private void closing(Token token, boolean first) {
        if (token.getType() == GbpfLexer.CLOSE_BRACE
                && (open.isEmpty() || !open.element().inExpression())) {
            operators = 0;
        }
        if (open.isEmpty()) {
            fail(
                    ErrorCode.UNBALANCED_BRACKET,
                    token,
                    "this `" + token.getText() + "` closes nothing",
                    "there is no open bracket here",
                    "take it out, or look above for a missing opening bracket");
            return;
        }
        // A brace closes the statement around it, and with it every bracket that was forgotten inside.
        while (!open.isEmpty() && !pairs(open.element().token(), token)) {
            boolean braceIsOpen = open.stream().anyMatch(o -> pairs(o.token(), token));
            if (!braceIsOpen) {
                Token opener = open.pop().token();
                fail(
                        ErrorCode.UNBALANCED_BRACKET,
                        token,
                        "this `" + token.getText() + "` does not match the `" + opener.getText() + "` of line "
                                + opener.getLine(),
                        "expected `" + closer(opener) + "`",
                        null);
                return;
            }
            neverClosed(open.pop());
        }
        Opening opening = open.poll();
        if (opening != null && first && suspicion == null && opening.indent() != token.getCharPositionInLine()) {
            suspicion = "the `" + token.getText() + "` of line " + token.getLine() + " closes the `"
                    + opening.token().getText() + "` of line " + opening.token().getLine()
                    + ", but is indented differently: perhaps the missing one belongs before it";
        }
    }

    private void neverClosed(Opening opening) {
        Token opener = opening.token();
        fail(
                ErrorCode.UNBALANCED_BRACKET,
                opener,
                "this `" + opener.getText() + "` is never closed",
                "opened here",
                suspicion == null ? "add the missing `" + closer(opener) + "`" : suspicion);
    }

    private void fail(ErrorCode code, Token token, String message, String label, @Nullable String help) {
        diagnostics
                .message(code, positions.of(token), message)
                .label(label)
                .help(help)
                .report();
        holds = false;
    }

    private static boolean pairs(Token opener, Token closer) {
        return closer(opener).equals(closer.getText());
    }

    private static String closer(Token opener) {
        return switch (opener.getType()) {
            case GbpfLexer.OPEN_BRACE -> "}";
            case GbpfLexer.OPEN_PAREN -> ")";
            default -> "]";
        };
    }

    private static boolean isOperator(int type) {
        return (type >= GbpfLexer.ADD && type <= GbpfLexer.OR_OR)
                || type == GbpfLexer.AS
                || type == GbpfLexer.ELSE
                || type == GbpfLexer.MATCH;
    }
}
