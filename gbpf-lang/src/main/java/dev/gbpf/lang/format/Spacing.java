package dev.gbpf.lang.format;

import dev.gbpf.lang.syntax.SourceToken;
import dev.gbpf.lang.syntax.SyntaxTree;
import dev.gbpf.lang.syntax.SyntaxTree.Leaf;
import java.util.List;
import java.util.Set;

/** Whether a space stands between two tokens of a line. */
final class Spacing {
    private static final Set<String> NONE_BEFORE = Set.of(";", ",", ")", "]", ":", ".", "..", "..=", "::");
    private static final Set<String> NONE_AFTER = Set.of("(", "[", ".", "..", "..=", "::");

    private Spacing() {}

    /** What stands before the part {@code index}, from 1, of a rule. */
    static Layout between(List<SyntaxTree> children, int index) {
        SyntaxTree left = children.get(index - 1);
        SyntaxTree right = children.get(index);
        Leaf before = left.last();
        Leaf after = right.first();
        boolean tight = leansLeft(after)
                || NONE_AFTER.contains(before.token().text())
                || isPrefix(children, index)
                || (right instanceof Leaf && isPostfixBracket(before, after))
                || (after.is("<") && Brackets.closing(children, index) >= 0);
        return tight ? Layout.NOTHING : Layout.SPACE;
    }

    /** Whether no space stands before a token. */
    static boolean leansLeft(Leaf leaf) {
        return NONE_BEFORE.contains(leaf.token().text());
    }

    /** Whether the rule is an operator and its operand. */
    private static boolean isPrefix(List<SyntaxTree> children, int index) {
        return index == 1
                && children.size() == 2
                && children.getFirst() instanceof Leaf first
                && first.token().kind() == SourceToken.Kind.SYMBOL
                && !first.is(":");
    }

    /** Whether a bracket belongs to what is before it: the arguments of a call, an index, a capacity. */
    private static boolean isPostfixBracket(Leaf before, Leaf after) {
        return (after.is("(") || after.is("["))
                && (before.token().kind() == SourceToken.Kind.NAME
                        || before.is("min")
                        || before.is("max")
                        || before.is(")")
                        || before.is("]")
                        || before.is(">"));
    }
}
