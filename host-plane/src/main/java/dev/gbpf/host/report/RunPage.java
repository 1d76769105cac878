package dev.gbpf.host.report;

import dev.gbpf.host.result.Phase;
import dev.gbpf.host.result.PolicyCounters;
import dev.gbpf.host.result.RunResult;
import dev.gbpf.host.swap.ActivationRecord;
import java.util.List;

/** The page of one run. */
final class RunPage {

    private final Markup page;
    private final RunResult result;
    private final PhaseTables tables;

    private RunPage(Markup page, RunResult result) {
        this.page = page;
        this.result = result;
        this.tables = new PhaseTables(page, result);
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
        TrialSection.write(page, result.trials());
        new MemoryTables(result).html(page);
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
        tables.figures();
        counters();
        Sections.sources(page, result.sources());
        page.closeLine();
    }

    private void changes() {
        List<Phase> phases = result.phases();
        if (phases.size() == 1) {
            page.open("section").element("h2", "Per tenant");
            tables.only(phases.getFirst());
            page.closeLine();
            return;
        }
        for (int i = 1; i < phases.size(); i++) {
            Phase before = phases.get(i - 1);
            Phase after = phases.get(i);
            page.open("section", "class", "swap");
            page.open("h2").text(Narrative.turn(before, after, "→"));
            page.element(
                    "span",
                    " at " + Figures.time(after.fromNs())
                            + (after.reason().equals("swap") ? "" : ", " + after.reason()),
                    "class",
                    "quiet");
            page.close();
            tables.change(before, after);
            String carried = Narrative.carried(after);
            if (!carried.isEmpty()) {
                page.element("p", carried, "class", "quiet note");
            }
            page.closeLine();
        }
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
            maps("migrated", activation.migratedMaps());
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
