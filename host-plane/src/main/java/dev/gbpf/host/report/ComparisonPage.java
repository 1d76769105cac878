package dev.gbpf.host.report;

import dev.gbpf.host.result.RunResult;
import dev.gbpf.host.result.TenantSummary;
import java.util.List;

/** The page of a comparison: the same scenario, once under each policy. */
final class ComparisonPage {
    private static final List<Metric> METRICS = List.of(
            Metric.P50,
            Metric.P99,
            Metric.P999,
            Metric.WAIT99,
            Metric.THROUGHPUT,
            Metric.SHARE,
            Metric.LATE,
            Metric.TTFT99,
            Metric.TPOT99,
            Metric.WITHIN);

    private ComparisonPage() {}

    static void write(Markup page, List<RunResult> runs) {
        RunResult first = runs.getFirst();
        Sections.header(page, first, runs.size() + " policies compared, same work, same seed");
        page.open("main");
        page.open("ul", "class", "differences");
        for (String sentence : Narrative.differences(runs)) {
            page.element("li", TextReport.joined(sentence));
        }
        page.closeLine();
        Sections.tenants(page, first.tenants());
        page.open("section").element("h2", "Per tenant and policy");
        page.element("p", "★ marks the best of a row, where they differ by more than 5 %.", "class", "caption");
        table(page, runs);
        page.closeLine();
        Sections.chart(
                page,
                "overlay",
                "Latency, per tenant under each policy",
                "How many of a tenant's jobs ended within a time: further left is better. The upper half of the scale is "
                        + "the tail.");
        Sections.chart(
                page,
                "stacks",
                "Who had the device, under each policy",
                "Part of all SMs that each tenant's kernels used, over the whole run.");
        runs.forEach(run -> new MemoryTables(run).html(page));
        page.open("section").element("h2", "What became of the jobs");
        for (RunResult run : runs) {
            page.element("h3", run.run().label());
            Sections.invariants(page, run.invariants());
        }
        page.closeLine();
        Sections.sources(
                page,
                runs.stream().flatMap(r -> r.sources().stream()).distinct().toList());
        page.closeLine();
    }

    private static void table(Markup page, List<RunResult> runs) {
        page.open("div", "class", "scroll")
                .open("table", "class", "dense")
                .open("thead")
                .open("tr");
        page.element("th", "Tenant", "scope", "col").element("th", "", "scope", "col");
        for (RunResult run : runs) {
            page.element("th", run.run().label(), "scope", "col");
        }
        page.close().closeLine();
        for (TenantSummary tenant : runs.getFirst().tenants()) {
            page.open("tbody");
            boolean named = false;
            for (Metric metric : METRICS) {
                if (runs.stream()
                        .anyMatch(r ->
                                !metric.text(r.totals().get(tenant.index())).equals("-"))) {
                    row(page, tenant, named, metric, runs);
                    named = true;
                }
            }
            page.closeLine();
        }
        page.close().closeLine();
    }

    private static void row(Markup page, TenantSummary tenant, boolean named, Metric metric, List<RunResult> runs) {
        page.open("tr").open("th", "scope", "row");
        if (!named) {
            page.open("span", "class", "key", "data-tenant", Integer.toString(tenant.index()));
            page.close().text(tenant.name());
        }
        page.close().element("th", metric.label(), "scope", "row", "title", metric.meaning());
        for (RunResult run : runs) {
            String text = metric.text(run.totals().get(tenant.index()));
            if (Best.isBest(metric, tenant.index(), run, runs)) {
                page.open("td", "class", "better").element("b", text + " ★").close();
            } else {
                page.element("td", text);
            }
        }
        page.closeLine();
    }
}
