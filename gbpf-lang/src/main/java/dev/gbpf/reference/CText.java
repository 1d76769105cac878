package dev.gbpf.reference;

/** Text of a generated C header: titles, comments broken into lines, and whatever is appended between. */
final class CText {
    private static final int LINE = 110;

    private final StringBuilder out = new StringBuilder();

    CText append(Object text) {
        out.append(text);
        return this;
    }

    /** A line that begins a part of the header. */
    void title(String text) {
        out.append("\n/* ---- ").append(text).append(" ---- */\n\n");
    }

    /** A comment, broken into lines. */
    void comment(String indent, String text) {
        if (indent.length() + text.length() + 6 <= LINE) {
            out.append(indent).append("/* ").append(text).append(" */\n");
            return;
        }
        out.append(indent).append("/*\n");
        StringBuilder line = new StringBuilder(indent + " *");
        for (String word : text.split(" ", -1)) {
            if (line.length() + 1 + word.length() > LINE) {
                out.append(line).append('\n');
                line = new StringBuilder(indent + " *");
            }
            line.append(' ').append(word);
        }
        out.append(line).append('\n').append(indent).append(" */\n");
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
