package dev.gbpf.host.report;

import dev.gbpf.host.report.Metric.Judgement;
import dev.gbpf.host.result.Phase;
import dev.gbpf.host.result.RunResult;
import dev.gbpf.host.result.TenantPhase;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The tables of a run's phases: a row per tenant. */
final class PhaseTables {
    private static final List<Metric> JOBS =
            List.of(Metric.P50, Metric.P99, Metric.P999, Metric.WAIT99, Metric.THROUGHPUT, Metric.SHARE, Metric.LATE);
    private static final List<Metric> REQUESTS = List.of(Metric.TTFT99, Metric.TPOT99, Metric.REQUEST99, Metric.WITHIN);

    /** Rows of all tables of one kind together, so that the page stays small. */
    private static final int MOST_ROWS = 600;

    private final Markup page;
    private final RunResult result;

    PhaseTables(Markup page, RunResult result) {
        this.page = page;
        this.result = result;
    }

    /** A phase that no change came before. */
    void only(Phase phase) {
        tables(null, phase);
    }

    /** A phase beside the one before it: differences are shown and judged. */
    void change(Phase before, Phase after) {
        tables(before, after);
    }

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

    /** All figures of all phases. */
    void figures() {
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
}
