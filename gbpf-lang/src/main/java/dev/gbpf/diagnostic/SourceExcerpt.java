package dev.gbpf.diagnostic;

/**
 * A source line as a terminal shows it, cut to the neighbourhood of a span when it is long.
 *
 * @param text what to print: tabs expanded, unsafe characters replaced
 * @param indent cells before the span
 * @param width cells of the span that are shown, at least 1
 */
record SourceExcerpt(String text, int indent, int width) {
    private static final int TAB_STOP = 4;
    /** Cells of a line that are shown. */
    private static final int WINDOW = 140;
    /** Cells that stay in view before the span when the line is cut. */
    private static final int BEFORE = 40;

    private static final String ELLIPSIS = "...";

    static SourceExcerpt of(String line, SourceSpan span) {
        int from = Math.min(span.column() - 1, line.length());
        int to = (int) Math.min((long) from + span.length(), line.length());
        int start = cells(line, 0, from, 0);
        int end = Math.max(start + 1, cells(line, from, to, start));
        int total = Math.max(end, cells(line, to, line.length(), end));
        if (total <= WINDOW) {
            return new SourceExcerpt(expand(line, 0, total).stripTrailing(), start, end - start);
        }
        int left = Math.max(0, start - BEFORE);
        int right = Math.min(total, left + WINDOW);
        String shown = (left > 0 ? ELLIPSIS : "")
                + expand(line, left, right).stripTrailing()
                + (right < total ? ELLIPSIS : "");
        int indent = start - left + (left > 0 ? ELLIPSIS.length() : 0);
        return new SourceExcerpt(shown, indent, Math.max(1, Math.min(end, right) - start));
    }

    /** The cell after {@code line[from..to)} when its first character stands in cell {@code column}. */
    private static int cells(String line, int from, int to, int column) {
        int cell = column;
        for (int i = from; i < to; ) {
            int c = line.codePointAt(i);
            cell += advance(c, cell);
            i += Character.charCount(c);
        }
        return cell;
    }

    /** What stands in cells {@code left} to {@code right}; a wide character or tab across the edge leaves blanks. */
    private static String expand(String line, int left, int right) {
        StringBuilder out = new StringBuilder();
        int cell = 0;
        for (int i = 0; i < line.length() && cell < right; ) {
            int c = line.codePointAt(i);
            int next = cell + advance(c, cell);
            if (c == '\t' || cell < left || next > right) {
                out.append(" ".repeat(Math.max(0, Math.min(next, right) - Math.max(cell, left))));
            } else {
                out.append(DisplayText.glyph(c));
            }
            cell = next;
            i += Character.charCount(c);
        }
        return out.toString();
    }

    private static int advance(int codePoint, int cell) {
        return codePoint == '\t' ? TAB_STOP - cell % TAB_STOP : DisplayText.width(codePoint);
    }
}
