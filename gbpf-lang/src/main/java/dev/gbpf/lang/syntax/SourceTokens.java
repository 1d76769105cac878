package dev.gbpf.lang.syntax;

import dev.gbpf.diagnostic.SourceFile;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.Token;

/** Cuts any text into tokens, comments among them, whether or not it is a policy. */
public final class SourceTokens {
    private SourceTokens() {}

    /** All tokens in order of place; the last one is the end of the file. */
    public static List<SourceToken> of(SourceFile source) {
        Positions positions = new Positions(source);
        GbpfLexer lexer = new GbpfLexer(CharStreams.fromString(source.text(), source.name()));
        lexer.removeErrorListeners();
        TestWords words = new TestWords();
        List<SourceToken> tokens = new ArrayList<>();
        Token token;
        do {
            token = lexer.nextToken();
            if (token.getChannel() == Token.DEFAULT_CHANNEL) {
                words.read(token);
            }
            tokens.add(SourceToken.of(token, positions));
        } while (token.getType() != Token.EOF);
        return tokens;
    }

    /** The words that are keywords, at least somewhere, in the order of the grammar. */
    public static List<String> keywords() {
        return IntStream.rangeClosed(1, GbpfParser.VOCABULARY.getMaxTokenType())
                .filter(ExpectedTokens::isKeyword)
                .mapToObj(type -> GbpfParser.VOCABULARY.getLiteralName(type).replace("'", ""))
                .toList();
    }
}
