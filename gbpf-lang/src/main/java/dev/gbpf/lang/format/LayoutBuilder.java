package dev.gbpf.lang.format;

import dev.gbpf.lang.ast.BinaryOperator;
import dev.gbpf.lang.format.Layout.Break;
import dev.gbpf.lang.format.Layout.Group;
import dev.gbpf.lang.format.Layout.Indent;
import dev.gbpf.lang.format.Layout.LineEnd;
import dev.gbpf.lang.syntax.SourceToken;
import dev.gbpf.lang.syntax.SyntaxTree;
import dev.gbpf.lang.syntax.SyntaxTree.Branch;
import dev.gbpf.lang.syntax.SyntaxTree.Leaf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Says where a policy's lines may end. It goes by the shape of the tree more than by the names of its rules: braces hold a
 * body, one item a line, unless the rule is known to be a list; other brackets hold a list; operators stand between operands.
 */
final class LayoutBuilder {
    private static final int LEVEL = 4;
    /** Twice a level, so that a condition that goes on in the next line is not taken for the body below it. */
    private static final int CONTINUATION = 8;

    /** Rules whose braces hold a list. */
    private static final Set<String> LISTS = Set.of("fields");

    private final Comments comments;

    LayoutBuilder(Comments comments) {
        this.comments = comments;
    }

    /** The layout of a whole source. */
    Layout policy(Branch policy) {
        Pieces items = Pieces.lines(policy.children());
        return Pieces.alternating(
                items.size(),
                i -> new LineEnd(!isEnd(items.get(i)) && (isApart(items, i) || isAfterEmptyLine(items.get(i)))),
                i -> isEnd(items.get(i)) ? leading(items.get(i).getFirst().first()) : sequence(items.get(i), ""));
    }

    private static boolean isEnd(List<SyntaxTree> item) {
        return item.getFirst().first().token().kind() == SourceToken.Kind.END;
    }

    private static boolean isApart(Pieces items, int index) {
        return index > 0 && (endsWithBrace(items.get(index - 1)) || endsWithBrace(items.get(index)));
    }

    private Layout layout(SyntaxTree tree) {
        return switch (tree) {
            case Leaf leaf -> Layout.sequence(leading(leaf), word(leaf));
            case Branch branch when isOperation(branch) -> operation(branch);
            case Branch branch -> sequence(branch.children(), branch.rule());
        };
    }

    /** Parts of a rule one after the other; commas that stand in no brackets are places for a line end, unless a body follows. */
    private Layout sequence(List<SyntaxTree> children, String rule) {
        Pieces pieces = Pieces.brackets(children);
        boolean body = endsWithBrace(children);
        IntFunction<Layout> piece =
                i -> pieces.get(i).size() == 1 ? layout(pieces.get(i).getFirst()) : bracketed(pieces.get(i), rule);
        IntFunction<Layout> separator = i -> !body && isComma(children.get(pieces.start(i) - 1))
                ? new Break(true)
                : Spacing.between(children, pieces.start(i));
        Layout rest = Pieces.alternating(pieces.size() - 1, i -> separator.apply(i + 1), i -> piece.apply(i + 1));
        boolean commas =
                !body && IntStream.range(1, pieces.size()).anyMatch(i -> isComma(children.get(pieces.start(i) - 1)));
        return commas ? continued(piece.apply(0), rest) : Layout.sequence(piece.apply(0), rest);
    }

    private static boolean isComma(SyntaxTree tree) {
        return tree instanceof Leaf leaf && leaf.is(",");
    }

    /** Parts that go on further to the right when they do not fit in a line. */
    private static Layout continued(Layout first, Layout rest) {
        return new Group(Layout.sequence(first, new Indent(CONTINUATION, rest)));
    }

    private Layout bracketed(List<SyntaxTree> children, String rule) {
        Leaf open = children.getFirst().first();
        Leaf close = children.getLast().first();
        List<SyntaxTree> content = children.subList(1, children.size() - 1);
        if (open.is("{") && !LISTS.contains(rule)) {
            return Layout.sequence(leading(open), body(open, content, close));
        }
        if (open.is("<")) {
            return Layout.sequence(leading(open), word(open), sequence(content, ""), leading(close), word(close));
        }
        return Layout.sequence(leading(open), list(open, content, close));
    }

    /** Braces around one item a line. */
    private Layout body(Leaf open, List<SyntaxTree> content, Leaf close) {
        Pieces items = Pieces.lines(content);
        Layout lines = Pieces.alternating(
                items.size(),
                i -> new LineEnd(isAfterEmptyLine(items.get(i))),
                i -> sequence(items.get(i), ""),
                leading(close));
        boolean empty = content.isEmpty() && isBare(open, close);
        return Layout.sequence(
                word(open), new Indent(LEVEL, lines), empty ? Layout.NOTHING : new LineEnd(false), word(close));
    }

    /** Brackets around elements; a comma after the last one wants each in its own line. */
    private Layout list(Leaf open, List<SyntaxTree> content, Leaf close) {
        if (content.isEmpty() && isBare(open, close)) {
            return Layout.sequence(word(open), word(close));
        }
        Break edge = new Break(open.is("{"));
        Layout elements = Pieces.alternating(
                content.size(),
                i -> i == 0 ? edge : isComma(content.get(i - 1)) ? new Break(true) : Spacing.between(content, i),
                i -> layout(content.get(i)),
                content.isEmpty() ? edge : Layout.NOTHING,
                leading(close));
        boolean openEnded = !content.isEmpty() && isComma(content.getLast());
        return new Group(Layout.sequence(
                word(open), new Indent(LEVEL, elements), openEnded ? new LineEnd(false) : edge, word(close)));
    }

    private static boolean isOperation(Branch branch) {
        List<SyntaxTree> children = branch.children();
        return children.size() == 3
                && children.get(1) instanceof Leaf leaf
                && ((leaf.is("else") && branch.rule().equals("expression"))
                        || operator(leaf).isPresent());
    }

    /** Operands and the operators between them; those that bind alike are broken alike. */
    private Layout operation(Branch branch) {
        Deque<SyntaxTree> parts = new ArrayDeque<>();
        Branch left = branch;
        while (true) {
            List<SyntaxTree> children = left.children();
            parts.push(children.get(2));
            Leaf operator = (Leaf) children.get(1);
            parts.push(operator);
            if (children.getFirst() instanceof Branch inner
                    && isOperation(inner)
                    && bindAlike(operator, (Leaf) inner.children().get(1))) {
                left = inner;
            } else {
                parts.push(children.getFirst());
                break;
            }
        }
        Layout first = layout(parts.pop());
        List<Layout> layouts = new ArrayList<>();
        while (!parts.isEmpty()) {
            layouts.add(new Break(true));
            layouts.add(layout(parts.pop()));
            layouts.add(Layout.SPACE);
            layouts.add(layout(parts.pop()));
        }
        return continued(first, Layout.sequence(layouts));
    }

    private static Optional<BinaryOperator> operator(Leaf leaf) {
        return BinaryOperator.bySymbol(leaf.token().text());
    }

    private static boolean bindAlike(Leaf left, Leaf right) {
        return operator(left).map(LayoutBuilder::level).equals(operator(right).map(LayoutBuilder::level));
    }

    private static BinaryOperator level(BinaryOperator operator) {
        return switch (operator.wrapping()) {
            case DIV, MOD -> BinaryOperator.MUL;
            case SUB -> BinaryOperator.ADD;
            default -> operator.wrapping();
        };
    }

    private boolean isAfterEmptyLine(List<SyntaxTree> item) {
        return comments.around(item.getFirst().first()).afterEmptyLine();
    }

    private static boolean endsWithBrace(List<SyntaxTree> item) {
        return item.getLast().last().is("}");
    }

    /** Whether no comment stands between two brackets that follow each other. */
    private boolean isBare(Leaf open, Leaf close) {
        return comments.around(open).trailing().isEmpty()
                && comments.around(close).leading().isEmpty();
    }

    /** The comments before a token. */
    private Layout leading(Leaf leaf) {
        Comments.Around around = comments.around(leaf);
        if (around.leading().isEmpty()) {
            return Layout.NOTHING;
        }
        List<Layout> parts = new ArrayList<>();
        for (Comments.Leading comment : around.leading()) {
            parts.add(distance(comment.lineEndsBefore()));
            parts.add(new Layout.Comment(comment.text()));
            if (comment.text().startsWith("//")) {
                parts.add(new LineEnd(false));
            }
        }
        if (around.lineEndsBefore() > 0 || !Spacing.leansLeft(leaf)) {
            parts.add(distance(around.lineEndsBefore()));
        }
        return Layout.sequence(parts);
    }

    private static Layout distance(int lineEnds) {
        return lineEnds == 0 ? Layout.SPACE : new LineEnd(lineEnds > 1);
    }

    /** A token with the comments behind it. */
    private Layout word(Leaf leaf) {
        Layout word = new Layout.Word(leaf.token().text(), Brackets.role(leaf.token()));
        List<String> trailing = comments.around(leaf).trailing();
        if (trailing.isEmpty()) {
            return word;
        }
        List<Layout> parts = new ArrayList<>(List.of(word));
        for (String comment : trailing) {
            parts.add(Layout.SPACE);
            parts.add(new Layout.Comment(comment));
        }
        parts.add(new LineEnd(false));
        return Layout.sequence(parts);
    }
}
