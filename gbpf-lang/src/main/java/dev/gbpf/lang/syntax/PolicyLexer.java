package dev.gbpf.lang.syntax;

import dev.gbpf.diagnostic.DiagnosticCollector;
import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.diagnostic.SourceFile;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;

/** Cuts a source into tokens and reports the characters that belong to none. */
final class PolicyLexer {
    private PolicyLexer() {}

    /**
     * The tokens up to and with the end of file, without comments and the characters that belong to none. It stops at one token more
     * than {@link TokenLimits#MAX_TOKENS}, those counted.
     */
    static TokenTable tokens(SourceFile source, Positions positions, DiagnosticCollector diagnostics) {
        GbpfLexer lexer = new GbpfLexer(CharStreams.fromString(source.text(), source.name()));
        lexer.removeErrorListeners();
        TokenTable tokens = new TokenTable(lexer, positions);
        @Nullable Token unexpected = null;
        int unexpectedCount = 0;
        TestWords words = new TestWords();
        while (tokens.size() + unexpectedCount <= TokenLimits.MAX_TOKENS) {
            Token token = lexer.nextToken();
            if (token.getChannel() == Token.HIDDEN_CHANNEL) {
                continue;
            }
            boolean strayText = token.getType() == GbpfLexer.STRING && !words.textMayFollow();
            if (token.getType() == GbpfLexer.UNEXPECTED || strayText) {
                boolean sameLine = unexpected != null && unexpected.getLine() == token.getLine();
                unexpected = token;
                unexpectedCount++;
                if (!sameLine) {
                    reportUnexpected(token, positions, diagnostics);
                }
            } else if (token.getType() == GbpfLexer.UNTERMINATED_COMMENT) {
                diagnostics
                        .message(ErrorCode.UNTERMINATED_COMMENT, positions.of(token), "this comment is never closed")
                        .label("it starts here")
                        .help("end it with `*/`, or write `//` for a comment up to the end of the line")
                        .report();
            } else {
                words.read(token);
                tokens.add(token);
            }
            if (token.getType() == Token.EOF) {
                break;
            }
        }
        return tokens;
    }

    private static void reportUnexpected(Token token, Positions positions, DiagnosticCollector diagnostics) {
        int character = token.getText().codePointAt(0);
        diagnostics
                .message(ErrorCode.UNEXPECTED_CHARACTER, positions.of(token), "unexpected character " + name(character))
                .label("not part of the language")
                .help(hint(character))
                .report();
    }

    private static String name(int character) {
        boolean visible = character > ' ' && character < 0x7F;
        return visible ? "`" + Character.toString(character) + "`" : "U+" + String.format("%04X", character);
    }

    private static @Nullable String hint(int character) {
        return switch (character) {
            case '"', '\'' -> "there are no strings or characters; `log(tag, value)` logs numbers";
            case '#' -> "comments start with `//`";
            case '?' -> "there is no `?:`; use `if`, or `min` and `max`";
            case '@', '$', '`', '\\' -> "names are made of letters, digits and `_`";
            default -> character > 0x7F ? "outside comments a policy is plain ASCII" : null;
        };
    }
}
