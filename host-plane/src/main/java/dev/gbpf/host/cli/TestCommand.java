package dev.gbpf.host.cli;

import dev.gbpf.host.engine.Engine;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gbpf test}: do the tests that stand in policies hold? */
@Command(
        name = "test",
        addMethodSubcommands = false,
        description = {
            "Runs the tests that stand in policies. The policy is compiled and verified first; each test starts with empty maps."
                    + " A test that fails is shown with its place, what was expected and what was found."
        },
        footer = {"", "Examples:", "  gbpf test fair.gbpf", "  gbpf test --filter deadline"})
final class TestCommand implements Verb {
    private final Session session;

    @Mixin
    final JsonOptions jsonOptions;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..*",
            description =
                    "Sources, folders to search for them, or - for standard input. Default: every .gbpf file under the"
                            + " current folder.")
    List<String> files = new ArrayList<>();

    @Option(
            names = "--filter",
            paramLabel = "TEXT",
            description = "Run only tests whose title contains TEXT; capitals do not matter.")
    @Nullable
    String filter;

    @Option(
            names = "--engine",
            paramLabel = "ENGINE",
            description = "What runs the policy: interpreter (default), jit or auto.")
    String engine = Engine.INTERPRETER.word();

    TestCommand(Session session) {
        this.session = session;
        this.jsonOptions = new JsonOptions(session);
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(ExitCode.INPUT, ExitCode.COMPILE, ExitCode.REJECTED, ExitCode.TESTS);
    }

    @Override
    public Integer call() {
        Engine chosen = EngineOption.policyEngine(engine);
        List<String> sources = PolicyFiles.find(session.console(), files);
        List<TestedFile> tested = new ArrayList<>();
        TestReport report = session.json() ? new JsonTestReport(session) : new TextTestReport(session);
        for (String source : sources) {
            TestedFile file = TestedFile.of(session.console(), source, filter, chosen);
            tested.add(file);
            report.file(file);
        }
        boolean broken = tested.stream().anyMatch(f -> f.problem() != null);
        long ran = tested.stream().mapToLong(f -> f.outcomes().size()).sum();
        if (ran == 0 && !broken) {
            throw nothing(sources.size());
        }
        report.end();
        return ending(tested).number();
    }

    private CliException nothing(int sources) {
        String where = sources == 1 ? "the file" : Text.count(sources, "file");
        return filter == null
                ? new CliException(
                        ExitCode.INPUT,
                        "there are no tests in " + where,
                        "write one: test \"what holds\" { let r = on_submit { tenant: 1 }; expect r == ENQUEUE; }")
                : new CliException(
                        ExitCode.INPUT, "no title of a test in " + where + " contains " + filter, "leave out --filter");
    }

    /** What prevents tests from running counts more than one that fails. */
    private static ExitCode ending(List<TestedFile> tested) {
        for (ExitCode code : List.of(ExitCode.COMPILE, ExitCode.REJECTED)) {
            if (tested.stream().anyMatch(f -> f.problem() == code)) {
                return code;
            }
        }
        boolean passed = tested.stream().allMatch(f -> f.outcomes().stream().allMatch(o -> o.passed()));
        return passed ? ExitCode.OK : ExitCode.TESTS;
    }
}
