package dev.gbpf.host.cli;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.host.daemon.ConfigFile;
import dev.gbpf.host.library.PolicyLibrary;
import dev.gbpf.host.report.HtmlReport;
import dev.gbpf.host.report.JsonReport;
import dev.gbpf.host.report.TextReport;
import dev.gbpf.host.result.RunResult;
import dev.gbpf.host.scenario.LlmTrace;
import dev.gbpf.host.scenario.RunObserver;
import dev.gbpf.host.scenario.RunProgress;
import dev.gbpf.host.scenario.Scenario;
import dev.gbpf.host.scenario.ScenarioException;
import dev.gbpf.host.scenario.ScenarioRunner;
import dev.gbpf.host.scenario.WorkloadSpec;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs a scenario and puts its results where the options say. Outputs are checked before the run and written after it. */
final class ScenarioExecution {
    private static final String STALLED = "stalled";

    private final Session session;
    private final RunOptions options;
    private final @Nullable OutputFile html;
    private final @Nullable OutputFile json;

    /**
     * Prepares a run.
     *
     * @param inputs files that are read, which no output may replace
     * @throws CliException when an output could not be written
     */
    ScenarioExecution(Session session, RunOptions options, String... inputs) {
        this.session = session;
        this.options = options;
        String jsonName = options.json == null && session.json() ? "-" : options.json;
        this.html = options.html == null ? null : OutputFile.of(session.console(), options.html, inputs);
        this.json = jsonName == null ? null : OutputFile.of(session.console(), jsonName, inputs);
        if (html != null && json != null && (html.isStdout() ? json.isStdout() : html.isSameAs(json))) {
            throw new CliException(
                    ExitCode.USAGE, "--html and --json both want " + html.name(), "give each a file of its own");
        }
    }

    /** Whether nothing but the text report goes to standard output. */
    private boolean textWanted() {
        return !options.quiet && (html == null || !html.isStdout()) && (json == null || !json.isStdout());
    }

    /**
     * Runs it.
     *
     * @return how the command ends
     * @throws DiagnosticException when the scenario or a policy of it cannot be used
     */
    ExitCode run(Scenario scenario, PolicyLibrary library) {
        Scenario changed = withOptions(scenario);
        boolean single = !(changed.policies() instanceof Scenario.Policies.Comparison);
        MapDump maps = new MapDump();
        List<RunResult> results = observed(changed, single, library, options.dumpMaps ? maps : RunObserver.NONE);
        if (json != null) {
            json.write(single ? JsonReport.write(results.getFirst()) : JsonReport.write(results));
        }
        if (html != null) {
            html.write(single ? HtmlReport.write(results.getFirst()) : HtmlReport.write(results));
        }
        if (textWanted()) {
            boolean color = session.colorOut();
            session.out()
                    .append(single ? TextReport.write(results.getFirst(), color) : TextReport.write(results, color));
            if (options.dumpMaps) {
                session.out().append(maps.text());
            }
            if (html != null) {
                session.out().append("\nreport: " + html.name() + "\n");
            }
        }
        return judge(results);
    }

    private List<RunResult> observed(Scenario scenario, boolean single, PolicyLibrary library, RunObserver observer) {
        Integer port = options.metrics;
        if (port == null) {
            return run(scenario, library, observer);
        }
        CliException.requireRange("--metrics", port, 0, ConfigFile.MOST_PORT);
        if (!single) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--metrics is for one run, and the scenario compares policies",
                    "run one of them: --policy POLICY");
        }
        try (RunMetrics metrics = new RunMetrics(port, observer)) {
            session.err().println("metrics at " + metrics.address());
            return run(scenario, library, metrics);
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.OUTPUT, "metrics on port " + port + ": " + e.getMessage(), "choose another port");
        }
    }

    private List<RunResult> run(Scenario scenario, PolicyLibrary library, RunObserver observer) {
        try (ProgressLine progress = new ProgressLine(session.console(), scenario.name(), System::nanoTime)) {
            return new ScenarioRunner(library, EngineOption.policyEngine(options.engine))
                    .run(scenario, options.quiet ? RunProgress.NONE : progress, observer);
        } catch (ScenarioException e) {
            throw refused(e);
        }
    }

    private Scenario withOptions(Scenario scenario) {
        Scenario changed = options.seed == null ? scenario : scenario.withSeed(options.seed);
        if (options.trace == null) {
            return changed;
        }
        InputFile.check(session.console(), options.trace, "trace");
        LlmTrace trace =
                new LlmTrace.Recorded(session.console().resolve(options.trace).toString());
        if (changed.workloads().stream().noneMatch(WorkloadSpec.Llm.class::isInstance)) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--trace is for language model workloads, and the scenario has none",
                    "docs/scenario.md tells about llm workloads");
        }
        return changed.withWorkloads(changed.workloads().stream()
                .map(w -> w instanceof WorkloadSpec.Llm llm ? new WorkloadSpec.Llm(trace, llm.parameters()) : w)
                .toList());
    }

    /** A run that stalled, or that lost a job, is a failure whatever its figures say. */
    private ExitCode judge(List<RunResult> results) {
        for (RunResult result : results) {
            String problem = null;
            if (!result.invariants().hold()) {
                problem = "lost or repeated jobs: lost=" + result.invariants().lost() + " duplicated="
                        + result.invariants().duplicated();
            } else if (result.ending().outcome().equals(STALLED)) {
                problem = "the run stalled: " + result.ending().explanation();
            }
            if (problem != null) {
                session.err().println("gbpf: error: " + result.run().label() + ": " + problem);
                return ExitCode.RUN;
            }
        }
        return ExitCode.OK;
    }

    /** The error for a scenario, or a policy that it names. */
    static DiagnosticException refused(ScenarioException e) {
        Diagnostic first = e.diagnostics().getFirst();
        String what = first.file() == null ? "the scenario" : first.file();
        return new DiagnosticException(exitCode(first.code()), what + " cannot be used", e.diagnostics(), e.source());
    }

    /** By who speaks: E07 is the reader of objects, E08 of scenarios, other E the compiler, V the verifier. */
    private static ExitCode exitCode(String code) {
        if (code.startsWith("V")) {
            return ExitCode.REJECTED;
        } else if (code.startsWith("E08")) {
            return ExitCode.SCENARIO;
        }
        return code.startsWith("E07") ? ExitCode.INPUT : ExitCode.COMPILE;
    }
}
