package dev.gbpf.lang.syntax;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.DiagnosticCollector;
import dev.gbpf.diagnostic.ErrorCode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.antlr.v4.runtime.DefaultErrorStrategy;
import org.antlr.v4.runtime.InputMismatchException;
import org.antlr.v4.runtime.NoViableAltException;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.ATNState;
import org.antlr.v4.runtime.misc.IntervalSet;
import org.antlr.v4.runtime.misc.ParseCancellationException;
import org.jspecify.annotations.Nullable;

/**
 * ANTLR's recovery with messages of our own. One message per line of the source, the lexer's included: what follows on the
 * same line is most often a consequence. Gives up when there are so many that no further one would be kept.
 */
final class SyntaxErrorStrategy extends DefaultErrorStrategy {
    private final Positions positions;
    private final DiagnosticCollector diagnostics;
    private final Set<Integer> linesWithErrors = new HashSet<>();

    SyntaxErrorStrategy(Positions positions, DiagnosticCollector diagnostics) {
        this.positions = positions;
        this.diagnostics = diagnostics;
        for (Diagnostic error : diagnostics.errors()) {
            if (error.span() != null) {
                linesWithErrors.add(error.span().line());
            }
        }
    }

    /**
     * Skips to the next statement or declaration when the first one of a block or of the policy does not begin as one, as
     * the base class does for the later ones.
     */
    @Override
    public void sync(Parser parser) {
        ATNState state = parser.getATN().states.get(parser.getState());
        IntervalSet next = parser.getATN().nextTokens(state);
        int token = parser.getTokenStream().LA(1);
        boolean fits = next.contains(token) || next.contains(Token.EPSILON);
        if (state.getStateType() != ATNState.STAR_LOOP_ENTRY || fits || inErrorRecoveryMode(parser)) {
            super.sync(parser);
            return;
        }
        reportUnwantedToken(parser);
        consumeUntil(parser, parser.getExpectedTokens().or(getErrorRecoverySet(parser)));
    }

    @Override
    protected void reportNoViableAlternative(Parser parser, NoViableAltException e) {
        report(parser, e.getOffendingToken(), parser.getATN().getExpectedTokens(e.getOffendingState(), e.getCtx()));
    }

    @Override
    protected void reportInputMismatch(Parser parser, InputMismatchException e) {
        report(parser, e.getOffendingToken(), e.getExpectedTokens());
    }

    @Override
    protected void reportUnwantedToken(Parser parser) {
        if (!inErrorRecoveryMode(parser)) {
            beginErrorCondition(parser);
            report(parser, parser.getCurrentToken(), getExpectedTokens(parser));
        }
    }

    @Override
    protected void reportMissingToken(Parser parser) {
        reportUnwantedToken(parser);
    }

    private void report(Parser parser, @Nullable Token offending, IntervalSet expected) {
        Token found = offending == null ? parser.getCurrentToken() : offending;
        // Brackets pair up, so what ends too early does because of an earlier error.
        boolean ends = found.getType() == Token.EOF
                || (found.getType() == GbpfParser.CLOSE_BRACE && expected.contains(GbpfParser.HOOK));
        if ((ends && !linesWithErrors.isEmpty()) || !linesWithErrors.add(found.getLine())) {
            return;
        }
        boolean full = diagnostics.isFull();
        describe(parser, found, expected);
        if (full) {
            throw new ParseCancellationException("too many errors");
        }
    }

    private void describe(Parser parser, Token found, IntervalSet expected) {
        Token previous =
                found.getTokenIndex() == 0 ? null : parser.getTokenStream().get(found.getTokenIndex() - 1);
        if (reportForeign(parser, found, previous)) {
            return;
        }
        if (previous != null && expected.contains(GbpfParser.SEMICOLON) && endsStatement(previous, found)) {
            if (previous.getLine() < found.getLine() && !linesWithErrors.add(previous.getLine())) {
                return;
            }
            diagnostics
                    .message(ErrorCode.MISSING_TOKEN, positions.after(previous), "expected `;`")
                    .label("add `;` here")
                    .report();
            return;
        }
        reportUnexpected(parser, found, previous, expected);
    }

    private void reportUnexpected(Parser parser, Token found, @Nullable Token previous, IntervalSet expected) {
        String wanted = ExpectedTokens.describe(expected);
        String seen = ExpectedTokens.isKeyword(found.getType())
                ? "the keyword `" + found.getText() + "`"
                : found.getType() == Token.EOF ? "the end of the file" : "`" + found.getText() + "`";
        diagnostics
                .message(ErrorCode.UNEXPECTED_TOKEN, positions.of(found), "expected " + wanted + ", found " + seen)
                .label("expected " + wanted)
                .help(SyntaxHints.forUnexpected(parser.getTokenStream(), found, previous, expected))
                .report();
    }

    /** Reports a construct of another language that stands at the error or where the statement around it begins. */
    private boolean reportForeign(Parser parser, Token found, @Nullable Token previous) {
        Token first = SyntaxHints.statementStart(parser.getTokenStream(), found);
        for (Token token : List.of(first, previous == null ? first : previous, found)) {
            String hint = SyntaxHints.namesType(parser.getTokenStream(), token) ? null : SyntaxHints.foreign(token);
            if (hint != null) {
                diagnostics
                        .message(
                                ErrorCode.FOREIGN_CONSTRUCT,
                                positions.of(token),
                                "there is no `" + token.getText() + "` in the policy language")
                        .label("not known here")
                        .help(hint)
                        .report();
                return true;
            }
        }
        return false;
    }

    private static boolean endsStatement(Token previous, Token found) {
        return found.getLine() > previous.getLine()
                || found.getType() == GbpfParser.CLOSE_BRACE
                || found.getType() == Token.EOF
                || SyntaxHints.startsStatement(found.getType());
    }
}
