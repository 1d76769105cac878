package dev.gbpf.host.report;

import dev.gbpf.host.swap.TrialOutcome;
import dev.gbpf.host.swap.TrialReport;
import dev.gbpf.host.swap.TrialReport.Difference;
import dev.gbpf.host.swap.TrialReport.HookAgreement;
import dev.gbpf.host.swap.TrialReport.SideSummary;
import java.util.ArrayList;
import java.util.List;

/** The trials of a run, on its page. */
final class TrialSection {
    private TrialSection() {}

    static void write(Markup page, List<TrialReport> trials) {
        for (TrialReport trial : trials) {
            page.open("section", "class", "trial");
            page.open("h2").text(TrialFigures.title(trial));
            page.element("span", " at " + Figures.time(trial.fromNs()), "class", "quiet")
                    .close();
            String badge = trial.outcome().equals(TrialOutcome.ROLLED_BACK.word()) ? "badge bad" : "badge good";
            page.open("p")
                    .element("span", TrialFigures.ending(trial), "class", badge)
                    .closeLine();
            SideSummary control = trial.control();
            if (control == null) {
                agreement(page, trial);
            } else {
                sides(page, trial, control);
            }
            page.closeLine();
        }
    }

    private static void sides(Markup page, TrialReport trial, SideSummary control) {
        table(page, "policy", TrialFigures.SIDE_HEADS);
        row(page, control.policy(), TrialFigures.row(control));
        row(page, trial.candidate().policy() + " (canary)", TrialFigures.row(trial.candidate()));
        page.close().close().closeLine();
    }

    private static void agreement(Markup page, TrialReport trial) {
        table(page, "hook", List.of("decisions", "agreed", "part"));
        for (HookAgreement hook : trial.agreement()) {
            row(
                    page,
                    hook.hook(),
                    List.of(
                            Figures.count(hook.decisions()),
                            Figures.count(hook.agreed()),
                            Figures.percent(hook.agreed(), hook.decisions())));
        }
        page.close().close().closeLine();
        if (trial.differences().isEmpty()) {
            return;
        }
        page.element("p", "The first decisions in which it differed:", "class", "quiet");
        table(page, "at", List.of("hook", "job", "live", "shadow"));
        for (Difference difference : trial.differences()) {
            row(
                    page,
                    Figures.time(difference.atNs()),
                    List.of(
                            difference.hook(),
                            difference.job() < 0 ? "-" : Long.toString(difference.job()),
                            difference.live(),
                            difference.shadow()));
        }
        page.close().close().closeLine();
    }

    /** Opens a table up to its first row: three elements, to be closed. */
    private static void table(Markup page, String first, List<String> others) {
        page.open("div", "class", "scroll")
                .open("table", "class", "plain")
                .open("thead")
                .open("tr");
        List<String> heads = new ArrayList<>(List.of(first));
        heads.addAll(others);
        heads.forEach(head -> page.element("th", head, "scope", "col"));
        page.close().closeLine().open("tbody");
    }

    private static void row(Markup page, String name, List<String> cells) {
        page.open("tr").element("td", name);
        cells.forEach(cell -> page.element("td", cell));
        page.closeLine();
    }
}
