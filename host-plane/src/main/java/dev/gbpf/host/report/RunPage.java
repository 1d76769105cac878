package dev.gbpf.host.report;

import dev.gbpf.host.plane.ActivationRecord;
import dev.gbpf.host.report.Metric.Judgement;
import dev.gbpf.host.result.Phase;
import dev.gbpf.host.result.PolicyCounters;
import dev.gbpf.host.result.RunResult;
import dev.gbpf.host.result.TenantPhase;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The page of one run. */
final class RunPage {
    private static final List<Metric> JOBS =
            List.of(Metric.P50, Metric.P99, Metric.P999, Metric.WAIT99, Metric.THROUGHPUT, Metric.SHARE, Metric.LATE);
    private static final List<Metric> REQUESTS = List.of(Metric.TTFT99, Metric.TPOT99, Metric.REQUEST99, Metric.WITHIN);

    /** Rows of all tables of one kind together, so that the page stays small. */
    private static final int MOST_ROWS = 600;

    private final Markup page;
    private final RunResult result;

    private RunPage(Markup page, RunResult result) {
        this.page = page;
        this.result = result;
    }

    static void write(Markup page, RunResult result) {
        new RunPage(page, result).write();
    }

    private void write() {
        Sections.header(page, result, result.run().label());
        page.open("main");
        page.open("div", "class", "summary");
        Narrative.summary(result).forEach(sentences -> page.element("p", TextReport.joined(sentences)));
        page.closeLine();
        Sections.invariants(page, result.invariants());
        if (result.ending().outcome().equals("stalled")) {
            page.element("p", "The run stalled: " + result.ending().explanation() + ".", "class", "badge bad");
        }
        if (!result.notes().isEmpty()) {
            page.open("ul", "class", "notes");
            result.notes().forEach(note -> page.element("li", note + "."));
            page.closeLine();
        }
        Sections.tenants(page, result.tenants());
        changes();
        Sections.chart(
                page,
                "stack",
                "Who had the device, over time",
                "Part of all SMs that each tenant's kernels used. Drag to zoom, double-click to see all again.");
        Sections.chart(
                page,
                "queues",
                "Jobs waiting, over time",
                "Jobs that were submitted and not yet handed to the device, mean of each interval. It zooms with the chart "
                        + "above.");
        Sections.chart(
                page,
                "lanes",
                "Who ran where, when",
                "Every kernel, batch and copy around the start and around each swap. Drag to pan; zoom with the buttons, or "
                        + "click and scroll; arrow keys, + and - work too.");
        Sections.chart(
                page,
                "curves",
                "Latency, per tenant and phase",
                "How many of a tenant's jobs ended within a time: further left is better. The upper half of the scale is "
                        + "the tail.");
        activations();
        figures();
        counters();
        Sections.sources(page, result.sources());
        page.closeLine();
    }

    private void changes() {
        List<Phase> phases = result.phases();
        if (phases.size() == 1) {
            page.open("section").element("h2", "Per tenant");
            tables(null, phases.getFirst());
            page.closeLine();
            return;
        }
        for (int i = 1; i < phases.size(); i++) {
            Phase before = phases.get(i - 1);
            Phase after = phases.get(i);
            page.open("section", "class", "swap");
            page.open("h2").text(before.policy() + " → " + after.policy());
            page.element(
                    "span",
                    " at " + Figures.time(after.fromNs())
                            + (after.reason().equals("swap") ? "" : ", " + after.reason()),
                    "class",
                    "quiet");
            page.close();
            tables(before, after);
            String carried = Narrative.carried(after);
            if (!carried.isEmpty()) {
                page.element("p", carried, "class", "quiet note");
            }
            page.closeLine();
        }
    }

    /** One row per tenant; with the phase before, differences are shown and judged. */
    private void tables(@Nullable Phase before, Phase after) {
        List<TenantPhase> rows = after.tenants();
        int most = Math.max(4, MOST_ROWS / result.phases().size());
        if (before != null && rows.size() > most) {
            rows = mostChanged(before, after).subList(0, most);
        }
        table(before, rows, JOBS, "scroll");
        List<TenantPhase> served =
                rows.stream().filter(t -> t.requests() != null).toList();
        if (!served.isEmpty()) {
            table(before, served, REQUESTS, "scroll requests");
        }
        if (rows.size() < after.tenants().size()) {
            String note = "The " + rows.size() + " of " + after.tenants().size() + " tenants whose P99 moved most.";
            page.element("p", note, "class", "quiet");
        }
    }

    private static List<TenantPhase> mostChanged(Phase before, Phase after) {
        return after.tenants().stream()
                .sorted(Comparator.comparingDouble(t -> -moved(before.tenants().get(t.tenant()), t)))
                .toList();
    }

    /** How far the tail latency moved, in either direction; equal for a half and a double. */
    private static double moved(TenantPhase before, TenantPhase after) {
        double from = Math.max(1, before.latency().p99Ns());
        double to = Math.max(1, after.latency().p99Ns());
        return before.completed() == 0 || after.completed() == 0 ? 0 : Math.max(from / to, to / from);
    }

    private void table(@Nullable Phase before, List<TenantPhase> rows, List<Metric> metrics, String kind) {
        page.open("div", "class", kind).open("table");
        page.open("thead").open("tr").element("th", "Tenant", "scope", "col");
        for (Metric metric : metrics) {
            page.element("th", metric.label(), "scope", "col", "title", metric.meaning());
        }
        page.close().closeLine().open("tbody");
        for (TenantPhase now : rows) {
            page.open("tr");
            tenantHead(now.tenant());
            for (Metric metric : metrics) {
                if (before == null) {
                    page.element("td", metric.text(now));
                } else {
                    changed(metric, before.tenants().get(now.tenant()), now);
                }
            }
            page.closeLine();
        }
        page.close().close().closeLine();
    }

    private void tenantHead(int tenant) {
        page.open("th", "scope", "row").open("span", "class", "key", "data-tenant", Integer.toString(tenant));
        page.close().text(result.tenants().get(tenant).name()).close();
    }

    private void changed(Metric metric, TenantPhase before, TenantPhase now) {
        Judgement judgement = metric.judge(before, now);
        String was = metric.text(before);
        if (judgement == Judgement.SAME) {
            page.open("td").element("b", metric.text(now));
            if (!was.equals("-")) {
                page.element("small", was.equals(metric.text(now)) ? "same" : "was " + was);
            }
            page.close();
            return;
        }
        String arrow = metric.value(now) > metric.value(before) ? "▲" : "▼";
        String kind = judgement.name().toLowerCase(Locale.ROOT);
        String word = judgement == Judgement.OTHER ? "changed" : kind;
        page.open("td", "class", kind, "title", metric.meaning() + ": " + word);
        page.open("b").text(metric.text(now) + " ").element("i", arrow).close();
        page.element("small", "was " + was).close();
    }

    private void activations() {
        page.open("section").element("h2", "Activations");
        page.open("div", "class", "scroll")
                .open("table", "class", "plain")
                .open("thead")
                .open("tr");
        for (String head : List.of("At", "From", "To", "Why", "Waiting", "Offered again", "Maps")) {
            page.element("th", head, "scope", "col");
        }
        page.close().closeLine().open("tbody");
        for (ActivationRecord activation : result.activations()) {
            page.open("tr").element("td", Figures.time(activation.atNs()));
            page.element("td", activation.from()).element("td", activation.to()).element("td", activation.reason());
            page.element("td", Figures.count(activation.queuedJobs()));
            page.element("td", Figures.count(activation.reofferedJobs())).open("td");
            maps("kept", activation.keptMaps());
            maps("fresh", activation.freshMaps());
            maps("dropped", activation.droppedMaps());
            page.close().closeLine();
        }
        page.close().close().close().closeLine();
    }

    private void maps(String what, List<String> names) {
        for (String name : names) {
            page.open("span", "class", "map " + what)
                    .element("b", name)
                    .text(" " + what)
                    .close();
            page.text(" ");
        }
    }

    private void figures() {
        page.open("section")
                .open("details")
                .open("summary")
                .element("b", "All figures, per phase and tenant")
                .close();
        page.open("div", "class", "scroll").open("table").open("thead").open("tr");
        for (String head : List.of(
                "Phase",
                "Tenant",
                "In",
                "Done",
                "Carried over",
                "Failed",
                "Rejected",
                "Mean",
                "P50",
                "P95",
                "P99",
                "P99.9",
                "Max",
                "Wait P99",
                "Jobs/s",
                "Share",
                "Late",
                "Over SLO")) {
            page.element("th", head, "scope", "col");
        }
        page.close().closeLine().open("tbody");
        int shown = 0;
        for (Phase phase : result.phases()) {
            shown += phase.tenants().size();
            if (shown <= MOST_ROWS) {
                phase.tenants().forEach(t -> figures(phase.index() + 1 + " " + phase.policy(), t));
            }
        }
        if (result.phases().size() > 1) {
            result.totals().forEach(t -> figures("all", t));
        }
        page.close().close().close();
        if (shown > MOST_ROWS) {
            page.element("p", "Further phases are in the result as JSON.", "class", "quiet");
        }
        page.close().closeLine();
    }

    private void figures(String phase, TenantPhase t) {
        page.open("tr").element("th", phase, "scope", "row");
        tenantHead(t.tenant());
        for (long count : new long[] {t.submitted(), t.completed(), t.carried(), t.failed(), t.rejected()}) {
            page.element("td", Figures.count(count));
        }
        for (long ns : new long[] {
            t.latency().meanNs(),
            t.latency().p50Ns(),
            t.latency().p95Ns(),
            t.latency().p99Ns(),
            t.latency().p999Ns(),
            t.latency().maxNs(),
            t.queueWait().p99Ns()
        }) {
            page.element("td", t.completed() == 0 ? "-" : Figures.duration(ns));
        }
        page.element("td", Metric.THROUGHPUT.text(t)).element("td", Metric.SHARE.text(t));
        page.element("td", Metric.LATE.text(t));
        boolean objective = result.tenants().get(t.tenant()).sloNs() != 0;
        page.element("td", objective ? Figures.percent(t.overSlo(), t.completed()) : "-")
                .closeLine();
    }

    private void counters() {
        if (result.counters().isEmpty()) {
            return;
        }
        page.open("section").element("h2", "What the policies did");
        page.open("div", "class", "counters");
        for (PolicyCounters counters : result.counters()) {
            page.open("div").element("h3", counters.policy()).open("dl");
            counters.decisions().forEach(c -> count(c.name(), c.count(), false));
            counters.events().forEach(c -> count(c.name(), c.count(), true));
            page.close().close();
        }
        page.close().closeLine();
    }

    private void count(String name, long count, boolean event) {
        if (count != 0 || !event) {
            page.element("dt", name, "class", event ? "quiet" : "hook").element("dd", Figures.count(count));
        }
    }
}
