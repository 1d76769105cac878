package dev.gbpf.reference;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A page in the making. Cells may hold any text; what Markdown would read as the end of a cell is escaped. */
final class Markdown {
    private final StringBuilder out = new StringBuilder();

    Markdown heading(int level, String text) {
        if (!out.isEmpty()) {
            out.append('\n');
        }
        out.append("#".repeat(level)).append(' ').append(text).append('\n');
        return this;
    }

    Markdown paragraph(String text) {
        out.append('\n').append(text.strip()).append('\n');
        return this;
    }

    Markdown block(String text) {
        out.append("\n```\n").append(text.stripTrailing()).append("\n```\n");
        return this;
    }

    Markdown table(List<String> header, List<List<String>> rows) {
        out.append('\n');
        row(header);
        row(header.stream().map(cell -> "---").toList());
        rows.forEach(this::row);
        return this;
    }

    private void row(List<String> cells) {
        out.append(
                cells.stream().map(cell -> cell.replace("|", "\\|")).collect(Collectors.joining(" | ", "| ", " |\n")));
    }

    static String code(String text) {
        return "`" + text + "`";
    }

    /** A number with commas. */
    static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** A bound of a range: great powers of two by their name. */
    static String bound(long value) {
        if (value == Long.MAX_VALUE) {
            return "2^63-1";
        }
        if (value == Long.MIN_VALUE) {
            return "-2^63";
        }
        if (value == Integer.MAX_VALUE) {
            return "2^31-1";
        }
        return value == 0xFFFF_FFFFL ? "2^32-1" : number(value);
    }

    String text() {
        return out.toString();
    }
}
