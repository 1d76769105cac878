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
        List<Layout> parts = new ArrayList<>();
        List<SyntaxTree> previous = List.of();
        for (List<SyntaxTree> item : items(policy.children())) {
            if (item.getFirst() instanceof Leaf(SourceToken token) && token.kind() == SourceToken.Kind.END) {
                parts.add(new LineEnd(false));
                parts.add(leading(token));
                break;
            }
            boolean apart = !previous.isEmpty() && (endsWithBrace(previous) || endsWithBrace(item));
            parts.add(new LineEnd(apart || isAfterEmptyLine(item)));
            parts.add(sequence(item, ""));
            previous = item;
        }
        return new Layout.Sequence(parts);
    }

    private Layout layout(SyntaxTree tree) {
        return switch (tree) {
            case Leaf leaf -> leaf(leaf);
            case Branch branch when isOperation(branch) -> operation(branch);
            case Branch(String rule, List<SyntaxTree> children) -> sequence(children, rule);
        };
    }

    /** Parts of a rule one after the other; commas that stand in no brackets are places for a line end, unless a body follows. */
    private Layout sequence(List<SyntaxTree> children, String rule) {
        List<Layout> parts = new ArrayList<>();
        boolean commas = false;
        for (int i = 0; i < children.size(); i++) {
            SyntaxTree child = children.get(i);
            if (i > 0) {
                boolean comma = children.get(i - 1) instanceof Leaf leaf && leaf.is(",");
                boolean breakable = comma && !endsWithBrace(children);
                commas |= breakable;
                parts.add(breakable ? new Break(true) : Spacing.between(children, i));
            }
            int close = Brackets.closing(children, i);
            if (close < 0) {
                parts.add(layout(child));
            } else {
                parts.add(bracketed(children.subList(i, close + 1), rule));
                i = close;
            }
        }
        return commas ? continued(parts) : new Layout.Sequence(parts);
    }

    /** Parts that go on further to the right when they do not fit in a line. */
    private static Layout continued(List<Layout> parts) {
        Layout rest = new Layout.Sequence(parts.subList(1, parts.size()));
        return new Group(Layout.sequence(parts.getFirst(), new Indent(CONTINUATION, rest)));
    }

    private Layout bracketed(List<SyntaxTree> children, String rule) {
        SourceToken open = Spacing.first(children.getFirst());
        SourceToken close = Spacing.first(children.getLast());
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
    private Layout body(SourceToken open, List<SyntaxTree> content, SourceToken close) {
        List<Layout> parts = new ArrayList<>();
        for (List<SyntaxTree> item : items(content)) {
            parts.add(new LineEnd(isAfterEmptyLine(item)));
            parts.add(sequence(item, ""));
        }
        parts.add(leading(close));
        boolean empty = content.isEmpty() && isBare(open, close);
        return Layout.sequence(
                word(open),
                new Indent(LEVEL, new Layout.Sequence(parts)),
                empty ? Layout.NOTHING : new LineEnd(false),
                word(close));
    }

    /** Brackets around elements; a comma after the last one wants each in its own line. */
    private Layout list(SourceToken open, List<SyntaxTree> content, SourceToken close) {
        if (content.isEmpty() && isBare(open, close)) {
            return Layout.sequence(word(open), word(close));
        }
        Break edge = new Break(open.is("{"));
        List<Layout> parts = new ArrayList<>();
        parts.add(edge);
        for (int i = 0; i < content.size(); i++) {
            boolean afterComma = i > 0 && content.get(i - 1) instanceof Leaf leaf && leaf.is(",");
            if (i > 0) {
                parts.add(afterComma ? new Break(true) : Spacing.between(content, i));
            }
            parts.add(layout(content.get(i)));
        }
        parts.add(leading(close));
        boolean openEnded = !content.isEmpty() && content.getLast() instanceof Leaf leaf && leaf.is(",");
        return new Group(Layout.sequence(
                word(open),
                new Indent(LEVEL, new Layout.Sequence(parts)),
                openEnded ? new LineEnd(false) : edge,
                word(close)));
    }

    private static boolean isOperation(Branch branch) {
        return branch.children().size() == 3
                && branch.children().get(1) instanceof Leaf leaf
                && (leaf.is("else") || operator(leaf).isPresent());
    }

    /** Operands and the operators between them; those that bind alike are broken alike. */
    private Layout operation(Branch branch) {
        Deque<SyntaxTree> parts = new ArrayDeque<>();
        Branch left = branch;
        while (true) {
            parts.push(left.children().get(2));
            Leaf operator = (Leaf) left.children().get(1);
            parts.push(operator);
            if (left.children().getFirst() instanceof Branch inner
                    && isOperation(inner)
                    && bindAlike(operator, (Leaf) inner.children().get(1))) {
                left = inner;
            } else {
                parts.push(left.children().getFirst());
                break;
            }
        }
        List<Layout> layouts = new ArrayList<>();
        layouts.add(layout(parts.pop()));
        while (!parts.isEmpty()) {
            layouts.add(new Break(true));
            layouts.add(layout(parts.pop()));
            layouts.add(Layout.SPACE);
            layouts.add(layout(parts.pop()));
        }
        return continued(layouts);
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

    /** What stands in lines of its own: parts up to a semicolon, a comma or a brace, with what separates it from the next. */
    private static List<List<SyntaxTree>> items(List<SyntaxTree> content) {
        List<List<SyntaxTree>> items = new ArrayList<>();
        boolean ended = true;
        for (SyntaxTree tree : content) {
            boolean separator = tree instanceof Leaf leaf && (leaf.is(";") || leaf.is(","));
            if (ended && !(separator && !items.isEmpty())) {
                items.add(new ArrayList<>());
            }
            items.getLast().add(tree);
            SourceToken last = Spacing.last(tree);
            ended = last.is(";") || last.is(",") || last.is("}");
        }
        return items;
    }

    private boolean isAfterEmptyLine(List<SyntaxTree> item) {
        return comments.around(Spacing.first(item.getFirst())).afterEmptyLine();
    }

    private static boolean endsWithBrace(List<SyntaxTree> item) {
        return Spacing.last(item.getLast()).is("}");
    }

    /** Whether no comment stands between two brackets that follow each other. */
    private boolean isBare(SourceToken open, SourceToken close) {
        return comments.around(open).trailing().isEmpty()
                && comments.around(close).leading().isEmpty();
    }

    private Layout leaf(Leaf leaf) {
        return Layout.sequence(leading(leaf.token()), word(leaf.token()));
    }

    /** The comments before a token. */
    private Layout leading(SourceToken token) {
        Comments.Around around = comments.around(token);
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
        if (around.lineEndsBefore() > 0 || !Spacing.leansLeft(token)) {
            parts.add(distance(around.lineEndsBefore()));
        }
        return new Layout.Sequence(parts);
    }

    private static Layout distance(int lineEnds) {
        return lineEnds == 0 ? Layout.SPACE : new LineEnd(lineEnds > 1);
    }

    /** A token with the comments behind it. */
    private Layout word(SourceToken token) {
        Layout word = new Layout.Word(token.text(), Brackets.role(token));
        List<String> trailing = comments.around(token).trailing();
        if (trailing.isEmpty()) {
            return word;
        }
        List<Layout> parts = new ArrayList<>(List.of(word));
        for (String comment : trailing) {
            parts.add(Layout.SPACE);
            parts.add(new Layout.Comment(comment));
        }
        parts.add(new LineEnd(false));
        return new Layout.Sequence(parts);
    }
}
