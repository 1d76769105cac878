package dev.gbpf.host.report;

import dev.gbpf.host.report.Metric.Judgement;
import dev.gbpf.host.report.TextTable.Cell;
import dev.gbpf.host.report.TextTable.Style;
import dev.gbpf.host.result.Phase;
import dev.gbpf.host.result.RunResult;
import dev.gbpf.host.result.TenantPhase;
import dev.gbpf.host.swap.ActivationRecord;
import dev.gbpf.host.swap.TrialReport;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A result for a terminal of 100 columns: what changed at each swap, per tenant, before and after. */
public final class TextReport {
    static final int WIDTH = 100;
    static final int NAME_WIDTH = 14;
    private static final char JOINT = '\u00a0';
    private static final Pattern UNIT = Pattern.compile("(\\d) ([µnm]?s\\b|%)");
    private static final List<Metric> JOB_METRICS =
            List.of(Metric.THROUGHPUT, Metric.SHARE, Metric.P50, Metric.P99, Metric.LATE);
    private static final List<Metric> REQUEST_METRICS =
            List.of(Metric.TTFT99, Metric.TPOT99, Metric.REQUEST99, Metric.WITHIN);
    private static final List<Metric> SINGLE_METRICS = List.of(
            Metric.THROUGHPUT,
            Metric.SHARE,
            Metric.P50,
            Metric.P99,
            Metric.P999,
            Metric.MAX,
            Metric.WAIT99,
            Metric.LATE);

    private final RunResult result;
    private final boolean colour;
    private final StringBuilder out = new StringBuilder();

    private TextReport(RunResult result, boolean colour) {
        this.result = result;
        this.colour = colour;
    }

    /**
     * One run.
     *
     * @param colour whether differences are coloured, for a terminal that can
     */
    public static String write(RunResult result, boolean colour) {
        return new TextReport(result, colour).run();
    }

    /** Several runs of one scenario, each under another policy. */
    public static String write(List<RunResult> results, boolean colour) {
        return TextComparison.write(results, colour);
    }

    private String run() {
        out.append(head(result, result.run().label(), colour));
        List<Phase> phases = result.phases();
        if (phases.size() == 1) {
            out.append('\n').append(single(phases.getFirst().tenants(), SINGLE_METRICS));
            if (hasRequests(phases)) {
                out.append('\n').append(single(phases.getFirst().tenants(), REQUEST_METRICS));
            }
        }
        for (int i = 1; i < phases.size(); i++) {
            swap(phases.get(i - 1), phases.get(i));
        }
        for (TrialReport trial : result.trials()) {
            out.append('\n').append(TrialText.write(trial, colour));
        }
        out.append(new MemoryTables(result).text(colour));
        out.append('\n').append(foot(result, colour));
        return out.toString();
    }

    static String head(RunResult result, String label, boolean colour) {
        String title = TextTable.clean(result.run().scenario(), WIDTH);
        String facts = label + ", " + Figures.length(result.run().durationNs()) + " on "
                + result.device().name()
                + " (" + result.device().sms() + " SMs, "
                + Figures.bytes(result.device().memoryBytes()) + "), seed "
                + result.run().seed();
        return Style.HEAD.paint(title, colour) + "\n" + String.join("\n", wrap(facts, "")) + "\n";
    }

    static String foot(RunResult result, boolean colour) {
        StringBuilder foot = new StringBuilder();
        wrap("Jobs: " + Narrative.account(result.invariants()) + ".", "      ")
                .forEach(line -> foot.append(line).append('\n'));
        Style style = result.invariants().hold() ? Style.BETTER : Style.WORSE;
        foot.append(style.paint(Narrative.kept(result.invariants()), colour)).append('\n');
        for (String note : result.notes()) {
            wrap("Note: " + TextTable.clean(note, 1_000) + ".", "  ")
                    .forEach(line -> foot.append(line).append('\n'));
        }
        if (result.ending().outcome().equals("stalled")) {
            wrap("The run stalled: " + TextTable.clean(result.ending().explanation(), 1_000) + ".", "  ")
                    .forEach(line -> foot.append(line).append('\n'));
        }
        return foot.toString();
    }

    private void swap(Phase before, Phase after) {
        String title = Figures.time(after.fromNs()) + "  " + Narrative.turn(before, after, "->")
                + (after.reason().equals("swap") ? "" : " (" + after.reason() + ")");
        out.append('\n')
                .append(Style.HEAD.paint(TextTable.clean(title, WIDTH), colour))
                .append('\n');
        for (ActivationRecord activation : result.activations()) {
            if (activation.atNs() == after.fromNs() && activation.to().equals(after.policy())) {
                wrap(activationLine(activation), "  ")
                        .forEach(line -> out.append(line).append('\n'));
            }
        }
        for (int tenant = 0; tenant < result.tenants().size(); tenant++) {
            String name = TextTable.clean(result.tenants().get(tenant).name(), NAME_WIDTH);
            String change = Narrative.change(
                    before.tenants().get(tenant), after.tenants().get(tenant));
            wrap("  " + name + ": " + change, "      ")
                    .forEach(line -> out.append(line).append('\n'));
        }
        String carried = Narrative.carried(after);
        if (!carried.isEmpty()) {
            wrap("  " + carried, "  ").forEach(line -> out.append(line).append('\n'));
        }
        out.append('\n').append(pairs(before, after, JOB_METRICS));
        if (hasRequests(List.of(before, after))) {
            out.append('\n').append(pairs(before, after, REQUEST_METRICS));
        }
    }

    private static String activationLine(ActivationRecord activation) {
        List<String> maps = new ArrayList<>();
        addMaps(maps, "kept", activation.keptMaps());
        addMaps(maps, "fresh", activation.freshMaps());
        addMaps(maps, "migrated", activation.migratedMaps());
        addMaps(maps, "dropped", activation.droppedMaps());
        return "  " + Figures.count(activation.queuedJobs()) + " jobs waiting, "
                + Figures.count(activation.reofferedJobs()) + " offered again; maps "
                + (maps.isEmpty() ? "none" : String.join(", ", maps));
    }

    private static void addMaps(List<String> parts, String what, List<String> names) {
        if (!names.isEmpty()) {
            parts.add(what + " " + String.join(" ", names));
        }
    }

    private static boolean hasRequests(List<Phase> phases) {
        return phases.stream().flatMap(p -> p.tenants().stream()).anyMatch(t -> t.requests() != null);
    }

    private String pairs(Phase before, Phase after, List<Metric> metrics) {
        TextTable table = new TextTable(colour);
        List<Cell> top = new ArrayList<>(List.of(Cell.plain("")));
        List<Cell> bottom = new ArrayList<>(List.of(new Cell("tenant", Style.FAINT)));
        for (Metric metric : metrics) {
            top.add(Cell.plain(""));
            top.add(new Cell(metric.label(), Style.HEAD));
            bottom.add(new Cell("before", Style.FAINT));
            bottom.add(new Cell("after", Style.FAINT));
        }
        table.row(top);
        table.row(bottom);
        for (int tenant = 0; tenant < result.tenants().size(); tenant++) {
            TenantPhase from = before.tenants().get(tenant);
            TenantPhase to = after.tenants().get(tenant);
            if (nothing(from, metrics) && nothing(to, metrics)) {
                continue;
            }
            List<Cell> row = new ArrayList<>(List.of(name(tenant)));
            for (Metric metric : metrics) {
                row.add(Cell.plain(metric.text(from)));
                row.add(new Cell(metric.text(to), style(metric.judge(from, to))));
            }
            table.row(row);
        }
        return table.render(2);
    }

    private String single(List<TenantPhase> tenants, List<Metric> metrics) {
        TextTable table = new TextTable(colour);
        List<Cell> head = new ArrayList<>(List.of(new Cell("tenant", Style.FAINT)));
        metrics.forEach(metric -> head.add(new Cell(metric.label(), Style.HEAD)));
        table.row(head);
        for (TenantPhase tenant : tenants) {
            if (nothing(tenant, metrics)) {
                continue;
            }
            List<Cell> row = new ArrayList<>(List.of(name(tenant.tenant())));
            metrics.forEach(metric -> row.add(Cell.plain(metric.text(tenant))));
            table.row(row);
        }
        return table.render(2);
    }

    private static boolean nothing(TenantPhase tenant, List<Metric> metrics) {
        return metrics.stream().allMatch(metric -> metric.text(tenant).equals("-"));
    }

    private Cell name(int tenant) {
        return Cell.plain(TextTable.clean(result.tenants().get(tenant).name(), NAME_WIDTH));
    }

    private static Style style(Judgement judgement) {
        return switch (judgement) {
            case BETTER -> Style.BETTER;
            case WORSE -> Style.WORSE;
            case OTHER -> Style.OTHER;
            case SAME -> Style.PLAIN;
        };
    }

    /** The text with blanks between figures and their units at which no line breaks. */
    static String joined(String text) {
        return UNIT.matcher(text).replaceAll("$1" + JOINT + "$2");
    }

    /** Breaks a line at blanks so that it fits, but not between a figure and its unit; what follows is indented. */
    static List<String> wrap(String text, String indent) {
        List<String> lines = new ArrayList<>();
        String rest = joined(text).replace(" -> ", JOINT + "->" + JOINT);
        while (TextTable.width(rest) > WIDTH) {
            int end = rest.offsetByCodePoints(0, WIDTH);
            int space = rest.lastIndexOf(' ', end);
            int from = rest.length() - rest.stripLeading().length();
            int cut = space > from ? space : end;
            lines.add(rest.substring(0, cut).stripTrailing().replace(JOINT, ' '));
            rest = indent + rest.substring(cut).strip();
        }
        lines.add(rest.replace(JOINT, ' '));
        return lines;
    }
}
