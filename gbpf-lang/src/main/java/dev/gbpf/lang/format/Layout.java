package dev.gbpf.lang.format;

import java.util.List;
import java.util.function.IntFunction;

/**
 * A text with the places where lines may end (after Wadler, "A prettier printer", 2003). Separators that meet become one, the
 * strongest of them: an empty line, a line end, a space.
 */
sealed interface Layout {
    Layout SPACE = new Space();
    Layout NOTHING = sequence();

    /** A token. */
    record Word(String text, Role role) implements Layout {}

    /** A comment. It takes no room: it neither breaks a line nor is broken. */
    record Comment(String text) implements Layout {}

    /** A space, unless the line ends here. */
    record Space() implements Layout {}

    /** A line end, and perhaps an empty line. */
    record LineEnd(boolean emptyLine) implements Layout {}

    /** A line end when the group around it does not fit in one line, else a space or nothing. */
    record Break(boolean space) implements Layout {}

    /** In one line, or with a line end at each of its breaks. */
    record Group(Layout content) implements Layout {}

    /** Lines that begin in it are this many columns further to the right. */
    record Indent(int columns, Layout content) implements Layout {}

    /**
     * One after the other. A body may have tens of thousands of parts, so they are made when they are printed.
     *
     * @param size how many
     * @param part makes one of them, from 0; always the same
     */
    record Sequence(int size, IntFunction<Layout> part) implements Layout {}

    /** What a word means for empty lines around it: there are none inside of brackets at either end. */
    enum Role {
        OPENS,
        CLOSES,
        OTHER
    }

    static Layout sequence(Layout... parts) {
        return sequence(List.of(parts));
    }

    static Layout sequence(List<Layout> parts) {
        return new Sequence(parts.size(), parts::get);
    }
}
