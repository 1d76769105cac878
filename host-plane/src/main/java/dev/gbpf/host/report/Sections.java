package dev.gbpf.host.report;

import dev.gbpf.host.result.DeviceSummary;
import dev.gbpf.host.result.Invariants;
import dev.gbpf.host.result.RunResult;
import dev.gbpf.host.result.SourceText;
import dev.gbpf.host.result.TenantSummary;
import java.util.List;
import java.util.stream.Collectors;

/** Parts that the pages of a run and of a comparison share. */
final class Sections {
    /** More tenants than this are listed when somebody asks for them. */
    private static final int MOST_TENANTS = 12;

    private Sections() {}

    /** The title of the page, and the button that changes the colours. */
    static void header(Markup page, RunResult result, String subtitle) {
        page.open("header").open("div", "class", "title");
        page.element("p", "gBPF", "class", "brand");
        page.element("button", "Light / dark", "type", "button", "id", "theme").close();
        page.element("h1", result.run().scenario());
        page.element("p", subtitle, "class", "subtitle");
        page.open("dl", "class", "facts");
        fact(page, "Device", device(result.device()));
        fact(page, "Measured", Figures.length(result.run().durationNs()) + " of virtual time");
        fact(page, "Tick", Figures.duration(result.run().tickNs()));
        fact(page, "Seed", Long.toString(result.run().seed()));
        page.closeLine().closeLine();
    }

    private static String device(DeviceSummary device) {
        String slices = device.vslices().size() == 1
                ? "room for " + device.vslices().getFirst().inflight() + " jobs"
                : device.vslices().stream()
                        .map(v -> v.name() + " " + v.sms() + " SMs, room for " + v.inflight())
                        .collect(Collectors.joining("; "));
        return device.name() + ", " + device.sms() + " SMs, " + Figures.bytes(device.memoryBytes()) + ", " + slices;
    }

    private static void fact(Markup page, String name, String value) {
        page.open("div").element("dt", name).element("dd", value).close();
    }

    /** Whether the plane kept its promises, as a badge and the sum behind it. */
    static void invariants(Markup page, Invariants invariants) {
        String kind = invariants.hold() ? "badge good" : "badge bad";
        page.open("p", "class", "invariants");
        page.element("span", (invariants.hold() ? "✓ " : "✗ ") + Narrative.kept(invariants), "class", kind);
        page.text(" ")
                .element("span", Narrative.account(invariants) + ".", "class", "quiet")
                .closeLine();
    }

    /** Who shares the device: colours, weights, objectives and work. */
    static void tenants(Markup page, List<TenantSummary> tenants) {
        boolean many = tenants.size() > MOST_TENANTS;
        if (many) {
            page.open("details", "class", "manytenants");
            page.element("summary", tenants.size() + " tenants");
        }
        page.open("ul", "class", "tenants");
        for (TenantSummary tenant : tenants) {
            page.open("li").open("span", "class", "key", "data-tenant", Integer.toString(tenant.index()));
            page.close().element("b", tenant.name());
            page.element("span", terms(tenant), "class", "quiet").close();
        }
        page.closeLine();
        if (many) {
            page.closeLine();
        }
    }

    private static String terms(TenantSummary tenant) {
        StringBuilder terms = new StringBuilder(" weight " + tenant.weight());
        if (tenant.priority() != 0) {
            terms.append(", priority ").append(tenant.priority());
        }
        if (tenant.sloNs() != 0) {
            terms.append(", objective ").append(Figures.duration(tenant.sloNs()));
        }
        if (tenant.ttftSloNs() != 0) {
            terms.append(", first token in ").append(Figures.duration(tenant.ttftSloNs()));
        }
        if (tenant.tpotSloNs() != 0) {
            terms.append(", token in ").append(Figures.duration(tenant.tpotSloNs()));
        }
        return terms.append("; ").append(tenant.workload()).toString();
    }

    /** A place for a chart, with its title and what it shows in words. */
    static void chart(Markup page, String kind, String title, String caption) {
        page.open("section").element("h2", title).element("p", caption, "class", "caption");
        page.open("div", "class", "chart", "data-chart", kind);
        page.element("noscript", "This chart needs JavaScript; the figures are in the tables.");
        page.close().closeLine();
    }

    /** The texts that the run was made from. */
    static void sources(Markup page, List<SourceText> sources) {
        if (sources.isEmpty()) {
            return;
        }
        page.open("section").element("h2", "Scenario and policies");
        for (SourceText source : sources) {
            page.open("details").open("summary").element("b", source.name());
            page.element(
                    "span", " " + source.role() + ", " + source.text().lines().count() + " lines", "class", "quiet");
            page.close().element("pre", source.text()).closeLine();
        }
        page.closeLine();
    }
}
