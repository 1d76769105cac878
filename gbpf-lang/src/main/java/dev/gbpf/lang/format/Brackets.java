package dev.gbpf.lang.format;

import dev.gbpf.lang.syntax.SourceToken;
import dev.gbpf.lang.syntax.SyntaxTree;
import dev.gbpf.lang.syntax.SyntaxTree.Leaf;
import java.util.List;
import java.util.Map;

/** Which tokens stand around others. */
final class Brackets {
    private static final Map<String, String> PAIRS = Map.of("(", ")", "[", "]", "{", "}", "<", ">");

    private Brackets() {}

    /**
     * The index among the parts of a rule of the bracket that closes the one at {@code open}; -1 when that is none. As the
     * brackets of a rule are closed by it, those that compare numbers are none.
     */
    static int closing(List<SyntaxTree> children, int open) {
        if (!(children.get(open) instanceof Leaf opener)) {
            return -1;
        }
        String close = PAIRS.get(opener.token().text());
        if (close == null || opener.token().kind() != SourceToken.Kind.SYMBOL) {
            return -1;
        }
        int depth = 0;
        for (int i = open; i < children.size(); i++) {
            if (children.get(i) instanceof Leaf leaf) {
                depth += leaf.is(opener.token().text()) ? 1 : leaf.is(close) ? -1 : 0;
                if (depth == 0) {
                    return i;
                }
            }
        }
        return -1;
    }

    static Layout.Role role(SourceToken token) {
        return switch (token.text()) {
            case "(", "[", "{" -> Layout.Role.OPENS;
            case ")", "]", "}" -> Layout.Role.CLOSES;
            default -> Layout.Role.OTHER;
        };
    }
}
