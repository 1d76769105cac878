package dev.gbpf.lang.syntax;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/**
 * How the tokens of a source belong together, as the grammar has it. Comments are no part of it. What it gives is made for
 * the caller from a {@link SyntaxTable}, so that a tree takes little memory beside the part that is looked at.
 */
public sealed interface SyntaxTree {

    /** The first token. */
    Leaf first();

    /** The last token. */
    Leaf last();

    /** What a rule of the grammar matched: at least two tokens, or one in a policy that has only its end. */
    final class Branch implements SyntaxTree {
        private final SyntaxTable table;
        private final int node;

        Branch(SyntaxTable table, int node) {
            this.table = table;
            this.node = node;
        }

        /** The rule's name. */
        public String rule() {
            return table.rule(node);
        }

        /** Its parts in order; a rule that matched one token is that token, and one that matched one rule is that rule. */
        public List<SyntaxTree> children() {
            return new Children(table, table.children(node));
        }

        @Override
        public Leaf first() {
            return table.leaf(table.start(node));
        }

        @Override
        public Leaf last() {
            return table.leaf(table.stop(node));
        }
    }

    /**
     * One token.
     *
     * @param before what stands between the token before it, or the start of the text, and it: blanks and comments
     * @param after what stands between it and the next token, or the end of the text
     * @param isFirst whether no token is before it
     * @param isLast whether no token but the end of the file follows
     */
    record Leaf(SourceToken token, Gap before, Gap after, boolean isFirst, boolean isLast) implements SyntaxTree {
        /** Whether it is this symbol or keyword. */
        public boolean is(String expected) {
            return token.is(expected);
        }

        @Override
        public Leaf first() {
            return this;
        }

        @Override
        public Leaf last() {
            return this;
        }
    }

    /** A piece of the text, in UTF-16 units. */
    record Gap(int start, int end) {}

    /** Parts that are made when they are asked for. */
    final class Children extends AbstractList<SyntaxTree> implements RandomAccess {
        private final SyntaxTable table;
        private final int[] parts;

        private Children(SyntaxTable table, int[] parts) {
            this.table = table;
            this.parts = parts;
        }

        @Override
        public SyntaxTree get(int index) {
            int part = parts[index];
            return part < 0 ? new Branch(table, ~part) : table.leaf(part);
        }

        @Override
        public int size() {
            return parts.length;
        }
    }
}
