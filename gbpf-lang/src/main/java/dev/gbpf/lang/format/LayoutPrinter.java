package dev.gbpf.lang.format;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/** Fits a layout into lines, in memory linear in how deep it nests. */
final class LayoutPrinter {
    /** Columns of a line, unless it has no place to break it. */
    static final int WIDTH = 100;

    private final Consumer<? super String> out;
    /** What was written last, or NUL. */
    private char lastWritten;

    private boolean anyWritten;
    /** What is still to be printed, the next one first. */
    private final Deque<Item> rest = new ArrayDeque<>();

    private Separator pending = Separator.NONE;
    private Layout.Role last = Layout.Role.OPENS;
    private int column;
    /** Columns before the first word of the present line. */
    private int lineIndent;

    private LayoutPrinter(Consumer<? super String> out) {
        this.out = out;
    }

    /**
     * A part of the layout, and how the lines in it are made.
     *
     * @param next of a sequence, the first part that is to come
     */
    private record Item(Layout layout, int indent, boolean flat, int next) {
        Item(Layout layout, int indent, boolean flat) {
            this(layout, indent, flat, 0);
        }

        /** Puts the next part of a sequence, and the rest of it, in its place. */
        static void unfold(Deque<Item> items, Item item, Layout.Sequence sequence) {
            int part = item.next();
            if (part + 1 < sequence.size()) {
                items.push(new Item(sequence, item.indent(), item.flat(), part + 1));
            }
            if (part < sequence.size()) {
                items.push(new Item(sequence.part().apply(part), item.indent(), item.flat()));
            }
        }
    }

    /** What stands between two words; of two that meet, the greater one. */
    private enum Separator {
        NONE,
        SPACE,
        LINE_END,
        EMPTY_LINE;

        Separator and(Separator other) {
            return compareTo(other) >= 0 ? this : other;
        }
    }

    /** Gives a layout to {@code out}, piece by piece. */
    static void print(Layout layout, Consumer<? super String> out) {
        LayoutPrinter printer = new LayoutPrinter(out);
        printer.rest.push(new Item(layout, 0, false));
        while (!printer.rest.isEmpty()) {
            printer.step(printer.rest.pop());
        }
        if (!printer.isEmpty()) {
            out.accept("\n");
        }
    }

    private void step(Item item) {
        int indent = item.indent();
        switch (item.layout()) {
            case Layout.Word(String text, Layout.Role role) -> {
                separate(indent, role);
                write(text);
                last = role;
            }
            case Layout.Comment(String text) -> {
                separate(indent, Layout.Role.OTHER);
                comment(text);
                last = Layout.Role.OTHER;
            }
            case Layout.Space() -> pending = pending.and(Separator.SPACE);
            case Layout.LineEnd(boolean emptyLine) ->
                pending = pending.and(emptyLine ? Separator.EMPTY_LINE : Separator.LINE_END);
            case Layout.Break(boolean space) -> {
                if (!item.flat()) {
                    pending = pending.and(Separator.LINE_END);
                } else if (space) {
                    pending = pending.and(Separator.SPACE);
                }
            }
            case Layout.Group(Layout content) ->
                rest.push(new Item(content, indent, item.flat() || fits(item, content)));
            case Layout.Indent(int columns, Layout content) ->
                rest.push(new Item(content, indent + columns, item.flat()));
            case Layout.Sequence sequence -> Item.unfold(rest, item, sequence);
        }
    }

    private boolean isEmpty() {
        return !anyWritten;
    }

    private void separate(int indent, Layout.Role next) {
        boolean inside = last == Layout.Role.OPENS || next == Layout.Role.CLOSES;
        switch (pending) {
            case NONE -> {}
            case SPACE -> write(isEmpty() || endsWithBracket() ? "" : " ");
            case LINE_END, EMPTY_LINE -> {
                if (!isEmpty()) {
                    put(pending == Separator.EMPTY_LINE && !inside ? "\n\n" : "\n");
                }
                put(" ".repeat(indent));
                column = indent;
                lineIndent = indent;
            }
        }
        pending = Separator.NONE;
    }

    /** Whether a bracket was opened that has no space inside. */
    private boolean endsWithBracket() {
        return last == Layout.Role.OPENS && lastWritten != '{';
    }

    private void write(String text) {
        put(text);
        column += text.length();
    }

    private void put(String text) {
        if (!text.isEmpty()) {
            out.accept(text);
            lastWritten = text.charAt(text.length() - 1);
            anyWritten = true;
        }
    }

    /** The lines of a comment that is drawn as a column of stars stay under each other; others stay as they are. */
    private void comment(String text) {
        List<String> lines = text.lines().map(String::stripTrailing).toList();
        boolean stars = lines.stream().skip(1).allMatch(l -> l.stripLeading().startsWith("*"));
        write(lines.getFirst());
        for (String line : lines.subList(1, lines.size())) {
            put("\n");
            column = 0;
            write(stars ? " ".repeat(lineIndent + 1) + line.stripLeading() : line);
        }
    }

    /**
     * Whether the content, in one line, and what follows it up to the next place for a line end stay within the width.
     * Comments before its first word may have lines of their own, and one after its last word may end the line.
     */
    private boolean fits(Item group, Layout content) {
        int room = WIDTH - (pending.compareTo(Separator.LINE_END) >= 0 ? group.indent() : column);
        Deque<Item> ahead = new ArrayDeque<>();
        ahead.push(new Item(content, group.indent(), true));
        Iterator<Item> after = rest.iterator();
        boolean inGroup = true;
        boolean begun = false;
        boolean lineEnded = false;
        while (room >= 0) {
            if (ahead.isEmpty()) {
                inGroup = false;
                if (lineEnded || !after.hasNext()) {
                    return true;
                }
                ahead.push(after.next());
            }
            Item item = ahead.pop();
            switch (item.layout()) {
                case Layout.Word(String text, var _) -> {
                    if (lineEnded) {
                        return false;
                    }
                    room -= text.length();
                    begun = true;
                }
                case Layout.Comment _ -> {}
                case Layout.Space() -> room--;
                case Layout.LineEnd _ -> {
                    if (!inGroup) {
                        return true;
                    }
                    lineEnded = begun;
                    room = begun ? room : WIDTH - item.indent();
                }
                case Layout.Break(boolean space) -> {
                    if (!item.flat()) {
                        return true;
                    }
                    room -= space ? 1 : 0;
                }
                case Layout.Group(Layout inner) -> ahead.push(new Item(inner, item.indent(), item.flat()));
                case Layout.Indent(int columns, Layout inner) ->
                    ahead.push(new Item(inner, item.indent() + columns, item.flat()));
                case Layout.Sequence sequence -> Item.unfold(ahead, item, sequence);
            }
        }
        return false;
    }
}
