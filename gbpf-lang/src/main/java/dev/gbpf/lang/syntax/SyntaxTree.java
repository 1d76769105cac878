package dev.gbpf.lang.syntax;

import java.util.List;

/** How the tokens of a source belong together, as the grammar has it. Comments are no part of it. */
public sealed interface SyntaxTree {

    /**
     * What a rule of the grammar matched; at least one token.
     *
     * @param rule the rule's name
     */
    record Branch(String rule, List<SyntaxTree> children) implements SyntaxTree {
        public Branch {
            children = List.copyOf(children);
        }
    }

    /** One token. */
    record Leaf(SourceToken token) implements SyntaxTree {
        /** Whether it is this symbol or keyword. */
        public boolean is(String expected) {
            return token.is(expected);
        }
    }
}
