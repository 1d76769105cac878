package dev.gbpf.host.report;

import java.util.ArrayList;
import java.util.List;

/** A table of aligned columns: the first to the left, all others to the right. Cells may be coloured. */
final class TextTable {
    private static final String GAP = "  ";

    private final boolean colour;
    private final List<List<Cell>> rows = new ArrayList<>();

    /**
     * A cell.
     *
     * @param text in one line
     * @param style how it is coloured
     */
    record Cell(String text, Style style) {
        static Cell plain(String text) {
            return new Cell(text, Style.PLAIN);
        }
    }

    /** Colours of terminals, by their meaning. */
    enum Style {
        PLAIN(""),
        HEAD("\u001b[1m"),
        FAINT("\u001b[2m"),
        BETTER("\u001b[32m"),
        WORSE("\u001b[31m"),
        OTHER("\u001b[36m");

        private final String code;

        Style(String code) {
            this.code = code;
        }

        String paint(String text, boolean colour) {
            return !colour || code.isEmpty() || text.isBlank() ? text : code + text + "\u001b[0m";
        }
    }

    TextTable(boolean colour) {
        this.colour = colour;
    }

    void row(List<Cell> cells) {
        rows.add(List.copyOf(cells));
    }

    /** The rows, indented, each with a line end and without blanks at its end. */
    String render(int indent) {
        List<Integer> widths = new ArrayList<>();
        for (List<Cell> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                int width = width(row.get(i).text());
                if (i == widths.size()) {
                    widths.add(width);
                } else {
                    widths.set(i, Math.max(widths.get(i), width));
                }
            }
        }
        StringBuilder out = new StringBuilder();
        for (List<Cell> row : rows) {
            StringBuilder line = new StringBuilder(" ".repeat(indent));
            for (int i = 0; i < row.size(); i++) {
                Cell cell = row.get(i);
                String padding = " ".repeat(widths.get(i) - width(cell.text()));
                String painted = cell.style().paint(cell.text(), colour);
                line.append(i == 0 ? painted + padding : GAP + padding + painted);
            }
            out.append(line.toString().stripTrailing()).append('\n');
        }
        return out.toString();
    }

    static int width(String text) {
        return text.codePointCount(0, text.length());
    }

    /** Text of the user's: in one line, without control characters, at most so wide. */
    static String clean(String text, int most) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> {
            boolean harmless = !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT;
            out.appendCodePoint(harmless ? c : '?');
        });
        String clean = out.toString();
        if (width(clean) <= most) {
            return clean;
        }
        return clean.substring(0, clean.offsetByCodePoints(0, most - 1)) + "…";
    }
}
