package dev.gbpf.host.cli;

import dev.gbpf.host.policytest.TestOutcome;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One document about all tests. */
final class JsonTestReport implements TestReport {
    private final Session session;
    private final ObjectNode document = Session.object();
    private final ArrayNode files;
    private int passed;
    private int failed;
    private int broken;

    JsonTestReport(Session session) {
        this.session = session;
        document.put("result", "");
        document.put("passed", 0);
        document.put("failed", 0);
        document.put("untested", 0);
        this.files = document.putArray("files");
    }

    @Override
    public void file(TestedFile file) {
        ObjectNode node = files.addObject();
        node.put("file", file.source().name());
        if (file.policy() != null) {
            node.put("policy", file.policy());
        }
        if (file.problem() != null) {
            broken++;
            node.put("exitCode", file.problem().number());
        }
        DiagnosticJson.write(file.diagnostics(), node.putArray("diagnostics"));
        ArrayNode tests = node.putArray("tests");
        for (TestOutcome outcome : file.outcomes()) {
            passed += outcome.passed() ? 1 : 0;
            failed += outcome.passed() ? 0 : 1;
            ObjectNode test = tests.addObject();
            test.put("title", outcome.test().title());
            test.put("line", outcome.test().span().line());
            test.put("result", outcome.passed() ? "passed" : "failed");
            test.put("expectationsMet", outcome.expectations());
            DiagnosticJson.write(outcome.failures(), test.putArray("failures"));
        }
    }

    @Override
    public void end() {
        document.put("result", broken > 0 ? "untested" : failed > 0 ? "failed" : "passed");
        document.put("passed", passed);
        document.put("failed", failed);
        document.put("untested", broken);
        session.printJson(document);
    }
}
