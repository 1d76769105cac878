package dev.gbpf.host.cli;

import java.util.ArrayList;
import java.util.List;

/** Text for people. */
final class Text {
    private static final int GROUP = 3;

    private Text() {}

    /** "1 map", "2 maps". */
    static String count(long number, String noun) {
        return grouped(number) + " " + noun + (number == 1 ? "" : "s");
    }

    /** With a comma between groups of three digits. */
    static String grouped(long number) {
        // By hand: a Formatter first reads the locale's data, which takes longer than verifying a policy.
        StringBuilder digits = new StringBuilder(Long.toString(number));
        int first = number < 0 ? 1 : 0;
        for (int i = digits.length() - GROUP; i > first; i -= GROUP) {
            digits.insert(i, ',');
        }
        return digits.toString();
    }

    /**
     * A table with columns as wide as they need.
     *
     * @param rows the first is the heading; all have as many cells
     * @param rightAligned for each column whether its cells end at one place, as numbers do
     */
    static String table(List<List<String>> rows, boolean... rightAligned) {
        int[] widths = new int[rightAligned.length];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder out = new StringBuilder();
        for (List<String> row : rows) {
            List<String> cells = new ArrayList<>();
            for (int i = 0; i < widths.length; i++) {
                String padding = " ".repeat(widths[i] - row.get(i).length());
                cells.add(rightAligned[i] ? padding + row.get(i) : row.get(i) + padding);
            }
            out.append(String.join("  ", cells).stripTrailing()).append('\n');
        }
        return out.toString();
    }
}
