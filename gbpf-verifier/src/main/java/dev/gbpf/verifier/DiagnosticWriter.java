package dev.gbpf.verifier;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.Severity;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.object.LineInfo;
import dev.gbpf.verifier.assertion.Violation;
import dev.gbpf.verifier.assertion.Violation.Reason;
import dev.gbpf.verifier.explain.Explanation;
import dev.gbpf.verifier.explain.Explanation.BranchStep;
import dev.gbpf.verifier.explain.Explanation.HistoryEvent;
import dev.gbpf.verifier.explain.ProgramText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the explained violations of one program as diagnostics. */
final class DiagnosticWriter {
    private static final int MAX_STEPS = 8;

    private final ProgramText text;

    DiagnosticWriter(ProgramText text) {
        this.text = text;
    }

    Diagnostic write(Explanation explanation) {
        Violation violation = explanation.violation();
        boolean inside = violation.index() < text.program().size();
        LineInfo info = inside ? text.line(explanation.shown()).orElse(null) : null;
        SourceFile source = text.source();
        SourceFile.@Nullable Line line = info == null || source == null ? null : source.locate(info.line());
        SourceSpan span = info == null
                ? null
                : new SourceSpan(line == null ? info.line() : line.line(), info.column(), info.length());
        return new Diagnostic(
                violation.code().code(),
                Severity.ERROR,
                violation.code().title(),
                file(line),
                span,
                span == null ? "" : violation.known(),
                notes(explanation, span != null),
                help(explanation));
    }

    private @Nullable String file(SourceFile.@Nullable Line line) {
        if (line != null) {
            return line.file().name();
        }
        return text.source() == null ? null : text.source().name();
    }

    private static String help(Explanation explanation) {
        String hint = explanation.violation().code().hint();
        return explanation.fix() == null
                ? hint
                : hint + "\n" + explanation.fix().text();
    }

    private List<String> notes(Explanation explanation, boolean labelled) {
        Violation violation = explanation.violation();
        List<String> notes = new ArrayList<>();
        notes.add(place(violation.index()));
        notes.add("to prove: " + violation.assertion());
        if (!violation.known().isEmpty() && !labelled) {
            notes.add("known: " + violation.known());
        }
        if (!violation.needed().isEmpty()) {
            notes.add("needed: " + violation.needed());
        }
        for (Reason reason : violation.reasons()) {
            notes.add("because: " + text.place(reason.index()) + " pc="
                    + text.program().pcOf(reason.index()) + " " + text.instruction(reason.index()) + ": "
                    + reason.text());
        }
        if (!explanation.path().isEmpty()) {
            notes.add(path(explanation.path()));
        }
        // The reasons of a violation are its history, and are told already.
        if (!explanation.history().isEmpty() && violation.reasons().isEmpty()) {
            notes.add(history(explanation));
        }
        return notes;
    }

    /** The last branches before the place, which tell the most. */
    private String path(List<BranchStep> steps) {
        int skipped = Math.max(0, steps.size() - MAX_STEPS);
        StringBuilder path = new StringBuilder("reached by:");
        if (skipped > 0) {
            path.append("\n  ").append(skipped).append(" earlier branches");
        }
        for (BranchStep step : steps.subList(skipped, steps.size())) {
            path.append("\n  ")
                    .append(text.place(step.index()))
                    .append(step.taken() ? " taken, because " : " not taken, because ")
                    .append(step.reason());
        }
        return path.toString();
    }

    private String history(Explanation explanation) {
        StringBuilder history = new StringBuilder("where " + explanation.subject() + " comes from:");
        for (HistoryEvent event : explanation.history()) {
            history.append("\n  ")
                    .append(text.place(event.index()))
                    .append(": ")
                    .append(event.text());
        }
        return history.toString();
    }

    private String place(int index) {
        int pc = text.program().pcOf(index);
        String name = text.type().name();
        return index >= text.program().size()
                ? "in " + name
                : "in " + name + " at pc=" + pc + ": " + text.instruction(index);
    }
}
