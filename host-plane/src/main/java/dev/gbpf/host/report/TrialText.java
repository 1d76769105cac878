package dev.gbpf.host.report;

import dev.gbpf.host.report.TextTable.Cell;
import dev.gbpf.host.report.TextTable.Style;
import dev.gbpf.host.swap.TrialOutcome;
import dev.gbpf.host.swap.TrialReport;
import dev.gbpf.host.swap.TrialReport.Difference;
import dev.gbpf.host.swap.TrialReport.HookAgreement;
import dev.gbpf.host.swap.TrialReport.SideSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A trial for a terminal. */
final class TrialText {
    private static final int EXAMPLES = 3;

    private TrialText() {}

    static String write(TrialReport trial, boolean colour) {
        StringBuilder out = new StringBuilder();
        String title = Figures.time(trial.fromNs()) + "  " + TrialFigures.title(trial);
        out.append(Style.HEAD.paint(TextTable.clean(title, TextReport.WIDTH), colour))
                .append('\n');
        Style style = trial.outcome().equals(TrialOutcome.ROLLED_BACK.word()) ? Style.WORSE : Style.PLAIN;
        TextReport.wrap("  " + TextTable.clean(TrialFigures.ending(trial), 1_000) + ".", "  ")
                .forEach(line -> out.append(style.paint(line, colour)).append('\n'));
        SideSummary control = trial.control();
        out.append('\n').append(control == null ? agreement(trial, colour) : sides(trial, control, colour));
        for (Difference difference :
                trial.differences().stream().limit(EXAMPLES).toList()) {
            TextReport.wrap("  " + line(difference), "      ")
                    .forEach(line -> out.append(line).append('\n'));
        }
        return out.toString();
    }

    private static String line(Difference difference) {
        String job = difference.job() < 0 ? "" : ", job " + difference.job();
        return "at " + Figures.time(difference.atNs()) + " " + difference.hook() + job + ": live " + difference.live()
                + ", shadow " + difference.shadow();
    }

    private static String sides(TrialReport trial, SideSummary control, boolean colour) {
        TextTable table = new TextTable(colour);
        table.row(heads("policy", TrialFigures.SIDE_HEADS));
        table.row(row(control.policy(), control));
        table.row(row(trial.candidate().policy() + " (canary)", trial.candidate()));
        return table.render(2);
    }

    private static List<Cell> row(String name, SideSummary side) {
        List<Cell> row = new ArrayList<>(List.of(Cell.plain(TextTable.clean(name, 24))));
        TrialFigures.row(side).forEach(figure -> row.add(Cell.plain(figure)));
        return row;
    }

    private static String agreement(TrialReport trial, boolean colour) {
        TextTable table = new TextTable(colour);
        table.row(heads("hook", List.of("decisions", "agreed", "part")));
        for (HookAgreement hook : trial.agreement()) {
            table.row(Stream.of(
                            hook.hook(),
                            Figures.count(hook.decisions()),
                            Figures.count(hook.agreed()),
                            Figures.percent(hook.agreed(), hook.decisions()))
                    .map(Cell::plain)
                    .toList());
        }
        return table.render(2);
    }

    private static List<Cell> heads(String first, List<String> others) {
        List<Cell> heads = new ArrayList<>(List.of(new Cell(first, Style.FAINT)));
        others.forEach(head -> heads.add(new Cell(head, Style.HEAD)));
        return heads;
    }
}
