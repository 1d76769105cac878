package dev.gbpf.host.report;

import dev.gbpf.host.report.TextTable.Cell;
import dev.gbpf.host.report.TextTable.Style;
import dev.gbpf.host.result.RunResult;
import dev.gbpf.host.result.TenantPhase;
import java.util.ArrayList;
import java.util.List;

/** Several runs of one scenario side by side: a row per tenant and figure, a column per policy. */
final class TextComparison {
    private static final List<Metric> METRICS = List.of(
            Metric.P50,
            Metric.P99,
            Metric.P999,
            Metric.THROUGHPUT,
            Metric.SHARE,
            Metric.LATE,
            Metric.TTFT99,
            Metric.TPOT99,
            Metric.WITHIN);
    private static final int COLUMNS = 4;
    private static final int LABEL_WIDTH = 16;

    private TextComparison() {}

    static String write(List<RunResult> runs, boolean colour) {
        if (runs.isEmpty()) {
            throw new IllegalArgumentException("a comparison needs runs");
        }
        StringBuilder out = new StringBuilder();
        out.append(TextReport.head(runs.getFirst(), runs.size() + " policies compared", colour));
        for (int from = 0; from < runs.size(); from += COLUMNS) {
            out.append('\n').append(table(runs, runs.subList(from, Math.min(runs.size(), from + COLUMNS)), colour));
        }
        out.append('\n');
        for (String sentence : Narrative.differences(runs)) {
            TextReport.wrap(TextTable.clean(sentence, 1_000), "  ")
                    .forEach(line -> out.append(line).append('\n'));
        }
        runs.forEach(run -> out.append(new MemoryTables(run).text(colour)));
        out.append('\n');
        for (RunResult run : runs) {
            Style style = run.invariants().hold() ? Style.BETTER : Style.WORSE;
            String label = TextTable.clean(run.run().label(), LABEL_WIDTH);
            out.append(label)
                    .append(": ")
                    .append(style.paint(Narrative.kept(run.invariants()), colour))
                    .append('\n');
        }
        return out.toString();
    }

    private static String table(List<RunResult> all, List<RunResult> shown, boolean colour) {
        TextTable table = new TextTable(colour);
        List<Cell> head = new ArrayList<>(List.of(new Cell("tenant", Style.FAINT), Cell.plain("")));
        for (RunResult run : shown) {
            head.add(new Cell(TextTable.clean(run.run().label(), LABEL_WIDTH), Style.HEAD));
        }
        table.row(head);
        for (int tenant = 0; tenant < all.getFirst().tenants().size(); tenant++) {
            String name = TextTable.clean(all.getFirst().tenants().get(tenant).name(), TextReport.NAME_WIDTH);
            for (Metric metric : METRICS) {
                if (hasValue(metric, tenant, all)) {
                    table.row(row(name, metric, tenant, all, shown));
                    name = "";
                }
            }
        }
        return table.render(2);
    }

    private static boolean hasValue(Metric metric, int tenant, List<RunResult> runs) {
        return runs.stream().anyMatch(r -> !metric.text(r.totals().get(tenant)).equals("-"));
    }

    private static List<Cell> row(String name, Metric metric, int tenant, List<RunResult> all, List<RunResult> shown) {
        List<Cell> row = new ArrayList<>(List.of(Cell.plain(name), new Cell(metric.label(), Style.FAINT)));
        for (RunResult run : shown) {
            TenantPhase value = run.totals().get(tenant);
            boolean best = Best.isBest(metric, tenant, run, all);
            row.add(new Cell(metric.text(value) + (best ? " *" : "  "), best ? Style.BETTER : Style.PLAIN));
        }
        return row;
    }
}
