package dev.gbpf.lang.format;

import dev.gbpf.lang.syntax.SourceToken;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The comments of a source, each given to the token that it is about: the one before it in its line, else the next one. */
final class Comments {
    private static final Around NONE = new Around();

    /** By the place where the token begins. */
    private final Map<Integer, Around> byToken = new HashMap<>();

    private Comments() {}

    /**
     * A comment before a token.
     *
     * @param text as it stands in the source
     * @param lineEndsBefore line ends between it and what is before it
     */
    record Leading(String text, int lineEndsBefore) {}

    /** What stands around a token. */
    static final class Around {
        private final List<Leading> leading = new ArrayList<>();
        private final List<String> trailing = new ArrayList<>();
        private int lineEndsBefore;

        /** Comments before the token. */
        List<Leading> leading() {
            return leading;
        }

        /** Comments after the token, the last of which ends its line. */
        List<String> trailing() {
            return trailing;
        }

        /** Line ends between the token and what is before it, a comment or another token. */
        int lineEndsBefore() {
            return lineEndsBefore;
        }

        /** Whether an empty line precedes it and its comments. */
        boolean afterEmptyLine() {
            return (leading.isEmpty() ? lineEndsBefore : leading.getFirst().lineEndsBefore()) > 1;
        }
    }

    /**
     * Shares them out.
     *
     * @param tokens of the text, comments among them, to the end of the file
     */
    static Comments of(String text, List<SourceToken> tokens) {
        Comments comments = new Comments();
        List<Leading> gap = new ArrayList<>();
        @Nullable Around previous = null;
        int end = 0;
        for (SourceToken token : tokens) {
            int lineEnds = lineEnds(text, end, token.start());
            end = token.end();
            if (token.isComment()) {
                gap.add(new Leading(token.text(), lineEnds));
                continue;
            }
            Around around = new Around();
            around.lineEndsBefore = lineEnds;
            comments.byToken.put(token.start(), around);
            int trailing = 0;
            if (previous != null) {
                trailing = trailing(gap, lineEnds, token);
                for (Leading comment : gap.subList(0, trailing)) {
                    previous.trailing.add(comment.text());
                }
            }
            around.leading.addAll(gap.subList(trailing, gap.size()));
            gap.clear();
            previous = around;
        }
        return comments;
    }

    /** What stands around a token of the tree. */
    Around around(SourceToken token) {
        return byToken.getOrDefault(token.start(), NONE);
    }

    /** How many comments of a gap belong to the token before it: those in its line, when nothing else follows there. */
    private static int trailing(List<Leading> gap, int lineEndsAfter, SourceToken next) {
        int inLine = 0;
        while (inLine < gap.size() && gap.get(inLine).lineEndsBefore() == 0) {
            inLine++;
        }
        boolean endsLine = inLine < gap.size() || lineEndsAfter > 0 || next.kind() == SourceToken.Kind.END;
        return endsLine ? inLine : 0;
    }

    private static int lineEnds(String text, int from, int to) {
        int count = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c == '\n' || (c == '\r' && !(i + 1 < to && text.charAt(i + 1) == '\n'))) {
                count++;
            }
        }
        return count;
    }
}
