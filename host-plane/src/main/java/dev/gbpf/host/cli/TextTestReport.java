package dev.gbpf.host.cli;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.DiagnosticRenderer;
import dev.gbpf.diagnostic.DisplayText;
import dev.gbpf.host.policytest.TestOutcome;

/** One line for each test, and the whole story of those that fail. */
final class TextTestReport implements TestReport {
    private static final String GREEN = "\u001b[32m";
    private static final String RED = "\u001b[1;31m";
    private static final String RESET = "\u001b[0m";

    private final Session session;
    private long passed;
    private long failed;
    private long broken;

    TextTestReport(Session session) {
        this.session = session;
    }

    @Override
    public void file(TestedFile file) {
        if (file.problem() != null) {
            broken++;
            session.printDiagnostics(file.diagnostics(), file.source());
            return;
        }
        session.printDiagnostics(file.diagnostics(), file.source());
        if (file.outcomes().isEmpty()) {
            return;
        }
        session.out().append(DisplayText.printable(file.source().name())).append('\n');
        DiagnosticRenderer renderer = new DiagnosticRenderer(file.source(), session.colorOut());
        for (TestOutcome outcome : file.outcomes()) {
            outcome(outcome, renderer);
        }
    }

    private void outcome(TestOutcome outcome, DiagnosticRenderer renderer) {
        String title = DisplayText.printable(outcome.test().title());
        if (outcome.passed()) {
            passed++;
            session.out()
                    .append("  ")
                    .append(paint(GREEN, "ok    "))
                    .append(title)
                    .append('\n');
            return;
        }
        failed++;
        session.out().append("  ").append(paint(RED, "FAIL  ")).append(title).append('\n');
        for (Diagnostic failure : outcome.failures()) {
            session.out().append(renderer.render(failure).indent(6));
        }
    }

    @Override
    public void end() {
        String text = Text.count(passed, "test") + " passed";
        if (failed > 0) {
            text += ", " + Text.grouped(failed) + " failed";
        }
        if (broken > 0) {
            text += ", " + Text.count(broken, "file") + " could not be tested";
        }
        session.out().append(text).append('\n');
    }

    private String paint(String style, String text) {
        return session.colorOut() ? style + text + RESET : text;
    }
}
