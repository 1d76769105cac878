package dev.gbpf.lang.format;

import dev.gbpf.lang.syntax.SourceToken;
import dev.gbpf.lang.syntax.SyntaxTree.Gap;
import dev.gbpf.lang.syntax.SyntaxTree.Leaf;
import java.util.ArrayList;
import java.util.List;

/** The comments of a source, each given to the token that it is about: the one before it in its line, else the next one. */
final class Comments {
    private final String text;

    /** The comments of a text whose tokens all belong to the language. */
    Comments(String text) {
        this.text = text;
    }

    /**
     * A comment before a token.
     *
     * @param text as it stands in the source
     * @param lineEndsBefore line ends between it and what is before it
     */
    record Leading(String text, int lineEndsBefore) {}

    /**
     * What stands around a token.
     *
     * @param leading comments before the token
     * @param trailing comments after the token, the last of which ends its line
     * @param lineEndsBefore line ends between the token and what is before it, a comment or another token
     */
    record Around(List<Leading> leading, List<String> trailing, int lineEndsBefore) {
        /** Whether an empty line precedes it and its comments. */
        boolean afterEmptyLine() {
            return (leading.isEmpty() ? lineEndsBefore : leading.getFirst().lineEndsBefore()) > 1;
        }
    }

    /** Comments between two tokens, and the line ends after the last of them. */
    private record Between(List<Leading> comments, int lineEndsAfter) {
        /** How many belong to the token before them: those in its line, when nothing else follows there. */
        int trailing(boolean endFollows) {
            int inLine = 0;
            while (inLine < comments.size() && comments.get(inLine).lineEndsBefore() == 0) {
                inLine++;
            }
            boolean endsLine = inLine < comments.size() || lineEndsAfter > 0 || endFollows;
            return endsLine ? inLine : 0;
        }
    }

    /** What stands around a token of the tree. */
    Around around(Leaf leaf) {
        boolean isEnd = leaf.token().kind() == SourceToken.Kind.END;
        Between before = between(leaf.before());
        int ofPrevious = leaf.isFirst() ? 0 : before.trailing(isEnd);
        List<Leading> leading =
                before.comments().subList(ofPrevious, before.comments().size());
        if (isEnd) {
            return new Around(leading, List.of(), before.lineEndsAfter());
        }
        Between after = between(leaf.after());
        List<String> trailing = after.comments().subList(0, after.trailing(leaf.isLast())).stream()
                .map(Leading::text)
                .toList();
        return new Around(leading, trailing, before.lineEndsAfter());
    }

    /** Blanks and comments: there is nothing else between two tokens. */
    private Between between(Gap gap) {
        List<Leading> comments = new ArrayList<>();
        int lineEnds = 0;
        int at = gap.start();
        while (at < gap.end()) {
            char c = text.charAt(at);
            if (c == '/') {
                int end = commentEnd(at, gap.end());
                comments.add(new Leading(text.substring(at, end), lineEnds));
                lineEnds = 0;
                at = end;
                continue;
            }
            at++;
            boolean first = c == '\r' && at < gap.end() && text.charAt(at) == '\n';
            lineEnds += (c == '\n' || c == '\r') && !first ? 1 : 0;
        }
        return new Between(comments, lineEnds);
    }

    private int commentEnd(int start, int limit) {
        if (text.charAt(start + 1) == '*') {
            return text.indexOf("*/", start + 2) + 2;
        }
        int end = start;
        while (end < limit && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
            end++;
        }
        return end;
    }
}
