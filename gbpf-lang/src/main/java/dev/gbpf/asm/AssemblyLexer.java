package dev.gbpf.asm;

import dev.gbpf.asm.Token.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Splits assembly source into tokens. Statements end at a line end or semicolon; {@code #} and {@code //} begin a comment
 * that ends with the line. A percent sign directly before a word belongs to it: {@code %r0}.
 */
final class AssemblyLexer {
    /** Operators, longer ones before those that they begin with. */
    private static final List<String> SYMBOLS = List.of(
            "s>>=", "<<=", ">>=", "s>=", "s<=", "s/=", "s%=", "s>", "s<", "+=", "-=", "*=", "/=", "|=", "&=", "%=",
            "^=", "==", "!=", "<=", ">=", "<", ">", "=", "&", "*", "(", ")", "[", "]", "+", "-", ",", ":");

    /** There are few enough words of so many letters. */
    private static final int SHORT = 2;

    private final String source;
    private final Map<String, String> words = new HashMap<>();
    private int position;
    private int line = 1;
    private int lineStart;

    AssemblyLexer(String source) {
        this.source = source;
    }

    /** Whether there is nothing left. */
    boolean atEnd() {
        return position >= source.length();
    }

    /**
     * The tokens of the next statement, the last one being its end.
     *
     * @throws AssemblyException at a character that begins no token; the rest of the line is then skipped
     */
    List<Token> statement() {
        List<Token> tokens = new ArrayList<>();
        while (true) {
            skipBlanks();
            if (atEnd() || at('\n') || at(';')) {
                tokens.add(new Token(Kind.END, "", line, column()));
                endStatement();
                return tokens;
            }
            tokens.add(token());
        }
    }

    private void endStatement() {
        if (!atEnd()) {
            boolean newline = at('\n');
            position++;
            if (newline) {
                line++;
                lineStart = position;
            }
        }
    }

    private void skipBlanks() {
        while (!atEnd()) {
            if (at('#') || source.startsWith("//", position)) {
                skipLine();
            } else if (at(' ') || at('\t') || at('\r')) {
                position++;
            } else {
                return;
            }
        }
    }

    private void skipLine() {
        int end = source.indexOf('\n', position);
        position = end < 0 ? source.length() : end;
    }

    private Token token() {
        int start = position;
        for (String symbol : SYMBOLS) {
            if (source.startsWith(symbol, position)) {
                position += symbol.length();
                return new Token(Kind.SYMBOL, symbol, line, start - lineStart + 1);
            }
        }
        char first = source.charAt(position);
        if (first == '"') {
            return string(start);
        }
        boolean isPrefixed = first == '%' && position + 1 < source.length() && isWordPart(source.charAt(position + 1));
        if (!isPrefixed && !isWordPart(first)) {
            Token token = new Token(Kind.SYMBOL, codePointAt(start), line, column());
            skipLine();
            throw new AssemblyException(
                    AssemblyProblem.SYNTAX,
                    token,
                    "unexpected character " + token.inWords(),
                    "not part of the syntax",
                    null);
        }
        position++;
        while (!atEnd() && isWordPart(source.charAt(position))) {
            position++;
        }
        Kind kind = isDigit(first) ? Kind.NUMBER : Kind.WORD;
        return new Token(kind, word(start), line, start - lineStart + 1);
    }

    /** One text for all short words that are alike. */
    private String word(int start) {
        String word = source.substring(start, position);
        if (word.length() > SHORT) {
            return word;
        }
        String known = words.putIfAbsent(word, word);
        return known == null ? word : known;
    }

    /** A text up to the next quote that no backslash stands before. */
    private Token string(int start) {
        position++;
        while (!atEnd() && !at('"') && !at('\n')) {
            boolean isEscape = at('\\') && position + 1 < source.length() && source.charAt(position + 1) != '\n';
            position += isEscape ? 2 : 1;
        }
        if (atEnd() || at('\n')) {
            Token open = new Token(Kind.SYMBOL, "\"", line, start - lineStart + 1);
            throw new AssemblyException(
                    AssemblyProblem.SYNTAX, open, "the text has no end", "begins here", "end it with '\"' in its line");
        }
        position++;
        return new Token(Kind.STRING, source.substring(start, position), line, start - lineStart + 1);
    }

    private String codePointAt(int index) {
        return new String(Character.toChars(source.codePointAt(index)));
    }

    private int column() {
        return position - lineStart + 1;
    }

    private boolean at(char c) {
        return source.charAt(position) == c;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isWordPart(char c) {
        return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || c == '$';
    }
}
