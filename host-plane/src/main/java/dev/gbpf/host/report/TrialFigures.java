package dev.gbpf.host.report;

import dev.gbpf.host.swap.TrialReport;
import dev.gbpf.host.swap.TrialReport.SideSummary;
import java.util.List;

/** What a report says of a trial, as text and as a page. */
final class TrialFigures {
    /** Heads of the table of the two sides, after the policy's name. */
    static final List<String> SIDE_HEADS =
            List.of("jobs", "sent", "rejected", "errors", "wait P50", "wait P99", "wait max");

    private TrialFigures() {}

    /** What was tried, beside what, and when. */
    static String title(TrialReport trial) {
        String share = trial.sticky().isEmpty()
                ? ""
                : ", " + Figures.percent(trial.shareThousandths() / 1_000.0) + " of the " + trial.sticky() + "s";
        return trial.mode() + " of " + trial.policy() + " beside " + trial.live() + share;
    }

    /** How it ended, and why. */
    static String ending(TrialReport trial) {
        String word = trial.outcome().replace('_', ' ');
        String after = " after " + Figures.length(trial.toNs() - trial.fromNs());
        return trial.why().isEmpty() ? word + after : word + after + ": " + trial.why();
    }

    static List<String> row(SideSummary side) {
        return List.of(
                Figures.count(side.jobs()),
                Figures.count(side.dispatched()),
                Figures.count(side.rejected()),
                Figures.count(side.errors()),
                Figures.duration(side.waitP50Ns()),
                Figures.duration(side.waitP99Ns()),
                Figures.duration(side.waitMaxNs()));
    }
}
