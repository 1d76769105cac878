package dev.gbpf.host.cli;

import dev.gbpf.diagnostic.DisplayText;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import dev.gbpf.verifier.VerificationResult;
import dev.gbpf.verifier.VerificationResult.Rejected;
import dev.gbpf.verifier.analysis.AnalysisResult;
import dev.gbpf.verifier.explain.Explanation;
import dev.gbpf.verifier.explain.LineFacts;
import dev.gbpf.verifier.explain.ProgramFacts;
import dev.gbpf.verifier.explain.ProgramText;
import dev.gbpf.verifier.platform.ProgramType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A policy's source with what the verifier found at each line: what it costs, how often loops go round, what values can be. */
final class ExplainedSource {
    private static final String RESET = "\u001b[0m";
    private static final String BOLD = "\u001b[1m";
    private static final String RED = "\u001b[1;31m";
    private static final String CYAN = "\u001b[36m";
    private static final String BLUE = "\u001b[1;34m";
    /** Cells of a line of source beside which facts stand; beside longer lines they stand below. */
    private static final int SOURCE_WIDTH = 52;
    /** Lines without code that are shown between two with code. */
    private static final int MAX_GAP = 2;

    private final PolicyObject object;
    private final VerificationResult result;
    private final boolean colour;

    ExplainedSource(PolicyObject object, VerificationResult result, boolean colour) {
        this.object = object;
        this.result = result;
        this.colour = colour;
    }

    private String paint(String style, String text) {
        return colour && !text.isEmpty() ? style + text + RESET : text;
    }

    private ProgramText text(ProgramObject program) {
        return ProgramText.of(object, program, ProgramType.of(program.hook()));
    }

    private List<LineFacts> facts(ProgramText text, int program) {
        return program < result.analyses().size()
                ? ProgramFacts.of(text, result.analyses().get(program))
                : List.of();
    }

    /** For people. */
    String text() {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < object.programs().size(); i++) {
            ProgramText text = text(object.programs().get(i));
            out.append(paint(BOLD, heading(text, i))).append("\n\n");
            program(out, text, facts(text, i));
            out.append('\n');
        }
        return out.toString();
    }

    private String heading(ProgramText text, int program) {
        String hook = text.type().name() + ": ";
        if (program >= result.analyses().size()) {
            return hook + "not analysed";
        }
        AnalysisResult analysis = result.analyses().get(program);
        if (analysis.isAccepted()) {
            return hook + "at most " + Text.grouped(analysis.instructions()) + " of "
                    + Text.count(text.type().budget(), "instruction") + ", "
                    + Text.count(analysis.helperCalls(), "helper call");
        }
        return hook + "rejected, "
                + analysis.violations().stream()
                        .map(v -> v.code().code())
                        .distinct()
                        .collect(Collectors.joining(", "));
    }

    private void program(StringBuilder out, ProgramText text, List<LineFacts> facts) {
        Map<Integer, LineFacts> byLine = new TreeMap<>();
        facts.forEach(f -> byLine.put(f.line(), f));
        int gutter = facts.stream()
                .mapToInt(f -> Integer.toString(shown(text, f.line())).length())
                .max()
                .orElse(1);
        int cost = facts.stream().mapToInt(f -> cost(f).length()).max().orElse(0);
        int previous = -1;
        for (LineFacts line : byLine.values()) {
            boolean source = text.source() != null && !text.lines().isEmpty();
            if (source && previous < 0) {
                for (int at = head(text, line.line()); at < line.line(); at++) {
                    row(out, text, at, gutter, " ".repeat(cost), List.of());
                }
            }
            if (source && previous >= 0 && line.line() - previous - 1 <= MAX_GAP) {
                for (int between = previous + 1; between < line.line(); between++) {
                    row(out, text, between, gutter, " ".repeat(cost), List.of());
                }
            } else if (source && previous >= 0 && line.line() > previous + 1) {
                out.append(" ".repeat(gutter + cost + 3))
                        .append(paint(BLUE, "..."))
                        .append('\n');
            }
            String price = cost(line);
            row(out, text, line.line(), gutter, " ".repeat(cost - price.length()) + price, remarks(text, line));
            previous = line.line();
        }
    }

    /** The lines just before the first one with code that belong to it: the head of the hook. */
    private static int head(ProgramText text, int first) {
        int at = first;
        while (at > 1 && first - at < MAX_GAP) {
            String before = sourceLine(text, at - 1).strip();
            if (before.isEmpty()
                    || before.startsWith("//")
                    || before.endsWith("}")
                    || before.endsWith(";")
                    || before.endsWith("*/")) {
                break;
            }
            at--;
        }
        return at;
    }

    /** The number of a line in its own file. */
    private static int shown(ProgramText text, int line) {
        SourceFile source = text.source();
        return source == null || text.lines().isEmpty()
                ? line
                : source.locate(line).line();
    }

    private void row(StringBuilder out, ProgramText text, int line, int gutter, String cost, List<String> remarks) {
        String number = Integer.toString(shown(text, line));
        String source = DisplayText.printable(sourceLine(text, line).replace("\t", "    "))
                .stripTrailing();
        StringBuilder row = new StringBuilder();
        row.append(" ".repeat(gutter - number.length()))
                .append(paint(BLUE, number))
                .append("  ")
                .append(cost)
                .append(' ')
                .append(paint(BLUE, "|"))
                .append(' ')
                .append(source);
        String margin = " ".repeat(gutter + cost.length() + 3) + paint(BLUE, "|") + " ";
        boolean beside = source.length() <= SOURCE_WIDTH;
        for (int i = 0; i < remarks.size(); i++) {
            if (i == 0 && beside) {
                row.append(" ".repeat(SOURCE_WIDTH - source.length() + 2));
            } else {
                row.append('\n').append(margin).append(" ".repeat(SOURCE_WIDTH + 2));
            }
            row.append(remark(remarks.get(i)));
        }
        out.append(row.toString().stripTrailing()).append('\n');
    }

    private String remark(String remark) {
        return paint(remark.startsWith("V0") ? RED : CYAN, DisplayText.printable(remark));
    }

    private static String sourceLine(ProgramText text, int line) {
        SourceFile source = text.source();
        if (source == null || text.lines().isEmpty()) {
            return text.instruction(text.program().indexOf(line));
        }
        SourceFile.Line at = source.locate(line);
        return at.file().line(at.line());
    }

    /** Instructions times how often, as {@code 3 + 2 x 8}; a dash where no execution gets. */
    private static String cost(LineFacts line) {
        String cost = line.executions().stream()
                .filter(e -> e.times() > 0)
                .map(e -> e.times() == 1
                        ? Text.grouped(e.instructions())
                        : e.instructions() + " x " + Text.grouped(e.times()))
                .collect(Collectors.joining(" + "));
        return cost.isEmpty() ? "-" : cost;
    }

    private List<String> remarks(ProgramText text, LineFacts line) {
        List<String> remarks = new ArrayList<>();
        if (result instanceof Rejected rejected) {
            for (Explanation explanation : rejected.explanations()) {
                if (explanation.program().equals(text.type().name())
                        && lineOf(text, explanation.shown()) == line.line()) {
                    remarks.add(explanation.violation().code().code() + ": "
                            + explanation.violation().code().title());
                }
            }
        }
        line.loops().forEach(n -> remarks.add("at most " + Text.count(n, "time")));
        remarks.addAll(line.facts());
        return remarks;
    }

    private static int lineOf(ProgramText text, int index) {
        return index >= text.program().size()
                ? -1
                : text.line(index).map(l -> l.line()).orElse(text.program().pcOf(index));
    }

    /** As data. */
    void write(ArrayNode programs) {
        for (int i = 0; i < object.programs().size(); i++) {
            ProgramObject program = object.programs().get(i);
            ProgramText text = text(program);
            ObjectNode node = programs.addObject();
            node.put("hook", program.hook().symbol());
            ArrayNode lines = node.putArray("lines");
            for (LineFacts line : facts(text, i)) {
                ObjectNode entry = lines.addObject();
                place(entry, text, line.line());
                entry.put("cost", line.cost());
                ArrayNode loops = entry.putArray("loops");
                line.loops().forEach(loops::add);
                ArrayNode known = entry.putArray("facts");
                line.facts().forEach(known::add);
            }
        }
    }

    private static void place(ObjectNode entry, ProgramText text, int line) {
        SourceFile source = text.source();
        if (source == null || text.lines().isEmpty()) {
            entry.put("pc", line);
            return;
        }
        SourceFile.Line at = source.locate(line);
        if (!at.file().name().equals(source.name())) {
            entry.put("file", at.file().name());
        }
        entry.put("line", at.line());
    }
}
