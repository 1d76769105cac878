package dev.gbpf.host.report;

import dev.gbpf.host.report.TextTable.Cell;
import dev.gbpf.host.report.TextTable.Style;
import dev.gbpf.host.result.Distribution;
import dev.gbpf.host.result.MemoryPhase;
import dev.gbpf.host.result.Phase;
import dev.gbpf.host.result.PoolMemory;
import dev.gbpf.host.result.RunResult;
import dev.gbpf.host.result.TenantMemory;
import java.util.ArrayList;
import java.util.List;

/** Device memory in each phase: a row per tenant that asked for some, and a line for the pools. */
final class MemoryTables {
    private static final List<String> HEADS = List.of(
            "tenant",
            "mean",
            "peak",
            "asked",
            "denied",
            "wait P99",
            "uses",
            "wait P50",
            "wait P99",
            "out",
            "packed",
            "back");

    private final RunResult result;

    MemoryTables(RunResult result) {
        this.result = result;
    }

    private List<List<String>> rows(MemoryPhase phase) {
        List<List<String>> rows = new ArrayList<>();
        for (TenantMemory tenant : phase.tenants()) {
            if (hasSome(tenant)) {
                rows.add(List.of(
                        result.tenants().get(tenant.tenant()).name(),
                        Figures.bytes(tenant.meanBytes()),
                        Figures.bytes(tenant.peakBytes()),
                        Figures.count(tenant.requests()),
                        Figures.count(tenant.denied()),
                        time(tenant.requestWait(), tenant.requestWait().p99Ns()),
                        Figures.count(tenant.useWait().count()),
                        time(tenant.useWait(), tenant.useWait().p50Ns()),
                        time(tenant.useWait(), tenant.useWait().p99Ns()),
                        Figures.count(tenant.evictions()),
                        Figures.count(tenant.compressions()),
                        Figures.count(tenant.returns())));
            }
        }
        return rows;
    }

    private static boolean hasSome(TenantMemory tenant) {
        return tenant.requests() > 0
                || tenant.granted() > 0
                || tenant.denied() > 0
                || tenant.peakBytes() > 0
                || tenant.useWait().count() > 0;
    }

    private static String time(Distribution of, long ns) {
        return of.count() == 0 ? "-" : Figures.duration(ns);
    }

    private static String pools(MemoryPhase phase) {
        List<String> parts = new ArrayList<>();
        for (PoolMemory pool : phase.pools()) {
            parts.add(pool.name() + " " + Figures.bytes(pool.meanBytes()) + " of " + Figures.bytes(pool.bytes())
                    + " in the mean, " + Figures.bytes(pool.peakBytes()) + " at most");
        }
        return "pools: " + String.join("; ", parts);
    }

    private String title(int index) {
        Phase phase = result.phases().get(index);
        return "Device memory under " + phase.policy();
    }

    /** For a terminal; empty when nobody asked for memory. */
    String text(boolean colour) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < result.memory().size(); i++) {
            MemoryPhase phase = result.memory().get(i);
            out.append('\n')
                    .append(Style.HEAD.paint(TextTable.clean(title(i), TextReport.WIDTH), colour))
                    .append('\n');
            TextTable table = new TextTable(colour);
            table.row(HEADS.stream().map(head -> new Cell(head, Style.FAINT)).toList());
            for (List<String> row : rows(phase)) {
                List<Cell> cells = new ArrayList<>();
                for (int c = 0; c < row.size(); c++) {
                    cells.add(Cell.plain(c == 0 ? TextTable.clean(row.get(c), TextReport.NAME_WIDTH) : row.get(c)));
                }
                table.row(cells);
            }
            out.append(table.render(2));
            TextReport.wrap("  " + TextTable.clean(pools(phase), 1_000), "    ")
                    .forEach(line -> out.append(line).append('\n'));
        }
        return out.toString();
    }

    /** For a page; nothing when nobody asked for memory. */
    void html(Markup page) {
        if (result.memory().isEmpty()) {
            return;
        }
        page.open("section").element("h2", "Device memory");
        page.element(
                "p",
                "What tenants asked for apart from what their jobs take: out is what was moved to host memory, packed what"
                        + " was compressed, back what was copied back. The first wait is from a request to its grant, the others"
                        + " from when an allocation was to be used until it was on the device.",
                "class",
                "caption");
        for (int i = 0; i < result.memory().size(); i++) {
            MemoryPhase phase = result.memory().get(i);
            page.element("h3", title(i));
            page.open("div", "class", "scroll").open("table", "class", "plain");
            page.open("thead").open("tr");
            HEADS.forEach(head -> page.element("th", head, "scope", "col"));
            page.close().closeLine().open("tbody");
            for (List<String> row : rows(phase)) {
                page.open("tr").element("th", row.getFirst(), "scope", "row");
                row.subList(1, row.size()).forEach(cell -> page.element("td", cell));
                page.closeLine();
            }
            page.close().close().closeLine();
            page.element("p", pools(phase) + ".", "class", "quiet note");
        }
        page.closeLine();
    }
}
