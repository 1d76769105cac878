package dev.gbpf.host.cli;

import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import dev.gbpf.verifier.explain.Explanation;
import dev.gbpf.verifier.explain.Explanation.BranchStep;
import dev.gbpf.verifier.explain.Explanation.HistoryEvent;
import dev.gbpf.verifier.explain.Fix;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Explanations of the verifier as JSON: {@code docs/cli.md} lists the fields. */
final class ExplanationJson {
    private ExplanationJson() {}

    /** Adds them to an array. */
    static void write(List<Explanation> explanations, PolicyObject object, ArrayNode array) {
        for (Explanation explanation : explanations) {
            ProgramObject program = object.programs().stream()
                    .filter(p -> p.hook().symbol().equals(explanation.program()))
                    .findFirst()
                    .orElseThrow();
            write(explanation, object, program, array.addObject());
        }
    }

    private static void write(Explanation explanation, PolicyObject object, ProgramObject program, ObjectNode node) {
        node.put("code", explanation.violation().code().code());
        node.put("hook", explanation.program());
        place(node, explanation.violation().index(), object, program);
        node.put("toProve", explanation.violation().assertion());
        node.put("known", explanation.violation().known());
        node.put("needed", explanation.violation().needed());
        ArrayNode path = node.putArray("path");
        for (BranchStep step : explanation.path()) {
            ObjectNode entry = path.addObject();
            place(entry, step.index(), object, program);
            entry.put("taken", step.taken());
            entry.put("because", step.reason());
        }
        if (!explanation.subject().isEmpty()) {
            node.put("value", explanation.subject());
        }
        ArrayNode history = node.putArray("history");
        for (HistoryEvent event : explanation.history()) {
            ObjectNode entry = history.addObject();
            place(entry, event.index(), object, program);
            entry.put("kind", event.kind().name().toLowerCase(Locale.ROOT));
            entry.put("text", event.text());
        }
        Fix fix = explanation.fix();
        if (fix != null) {
            ObjectNode entry = node.putObject("fix");
            entry.put("text", fix.text());
            ArrayNode edits = entry.putArray("edits");
            for (Fix.Edit edit : fix.edits()) {
                edits.addObject()
                        .put("line", edit.line())
                        .put("column", edit.column())
                        .put("length", edit.length())
                        .put("text", edit.text());
            }
        }
    }

    private static void place(ObjectNode node, int index, PolicyObject object, ProgramObject program) {
        int pc = program.program().pcOf(index);
        node.put("pc", pc);
        program.lineAt(pc).ifPresent(line -> SourceLine.write(node, object, line));
    }
}
