package dev.gbpf.lang.query;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.lang.syntax.SourceToken;
import dev.gbpf.lang.syntax.SourceTokens;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The tokens of a text, which brackets they stand in, and the names that it declares. There is one for every text; what cannot
 * be made out is left out.
 */
final class Outline {
    private final List<SourceToken> tokens;
    private final List<SourceToken> comments;
    private final Nesting nesting;
    private final List<Definition> definitions;

    private Outline(
            List<SourceToken> tokens, List<SourceToken> comments, Nesting nesting, List<Definition> definitions) {
        this.tokens = tokens;
        this.comments = comments;
        this.nesting = nesting;
        this.definitions = definitions;
    }

    static Outline of(SourceFile source) {
        List<SourceToken> all = SourceTokens.of(source);
        List<SourceToken> tokens = all.stream().filter(t -> !t.isComment()).toList();
        List<SourceToken> comments = all.stream().filter(SourceToken::isComment).toList();
        Nesting nesting = Nesting.of(tokens);
        return new Outline(tokens, comments, nesting, new DefinitionReader(source, tokens, nesting).read());
    }

    /** Without comments, up to the end of the file. */
    List<SourceToken> tokens() {
        return tokens;
    }

    Nesting nesting() {
        return nesting;
    }

    /** In order of place. */
    List<Definition> definitions() {
        return definitions;
    }

    /** Whether an offset lies in a comment or in a title, where nothing means anything. */
    boolean isInProse(int offset) {
        boolean inComment = comments.stream()
                .anyMatch(c -> c.start() < offset
                        && (c.kind() == SourceToken.Kind.LINE_COMMENT ? offset <= c.end() : offset < c.end()));
        return inComment
                || tokens.stream()
                        .anyMatch(t -> t.kind() == SourceToken.Kind.TITLE && t.start() < offset && offset < t.end());
    }

    /** The index of the word that holds an offset or ends at it; -1 when there is none. */
    int wordAt(int offset) {
        int after = firstFrom(offset + 1);
        for (int i = after - 1; i >= Math.max(0, after - 2); i--) {
            SourceToken token = tokens.get(i);
            boolean word = token.kind() == SourceToken.Kind.NAME || token.kind() == SourceToken.Kind.KEYWORD;
            if (word && token.start() <= offset && offset <= token.end()) {
                return i;
            }
        }
        return -1;
    }

    /** The index of the first token that begins at an offset or after it; the end of the file begins nowhere before. */
    int firstFrom(int offset) {
        int low = 0;
        int high = tokens.size() - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (tokens.get(middle).start() < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return tokens.get(low).start() < offset ? low + 1 : low;
    }

    /** The declaration at the top level around an offset. */
    Optional<Definition> around(int offset) {
        return definitions.stream().filter(d -> d.isGlobal() && d.holds(offset)).findFirst();
    }

    /** What a name stands for at an offset, when the policy declares it. */
    Optional<Definition> definition(String name, int offset) {
        return definitions.stream()
                .filter(d -> d.name().text().equals(name) && d.kind() != Definition.Kind.TEST)
                .filter(d -> d.from() <= offset && offset <= d.to())
                .max(Comparator.comparingInt(Definition::from));
    }

    /** The places where a name stands for this definition, its declaration among them. */
    List<SourceToken> references(Definition definition) {
        return IntStream.range(0, tokens.size())
                .filter(i -> tokens.get(i).kind() == SourceToken.Kind.NAME
                        && tokens.get(i).text().equals(definition.name().text()))
                .filter(i -> tokens.get(i).equals(definition.name())
                        || (!isMember(i)
                                && !isLabel(i)
                                && definition(
                                                tokens.get(i).text(),
                                                tokens.get(i).start())
                                        .filter(definition::equals)
                                        .isPresent()))
                .mapToObj(tokens::get)
                .toList();
    }

    /** Whether a token stands behind a dot. */
    boolean isMember(int index) {
        return index > 0 && tokens.get(index - 1).is(".");
    }

    /** Whether a token names a field in {@code { field: value }}. */
    boolean isLabel(int index) {
        int opener = nesting.opener(index);
        return opener >= 0
                && tokens.get(opener).is("{")
                && index + 1 < tokens.size()
                && tokens.get(index + 1).is(":")
                && (tokens.get(index - 1).is("{") || tokens.get(index - 1).is(","));
    }
}
