package dev.gbpf.host.cli;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.library.PolicyLibrary;
import dev.gbpf.host.scenario.Scenario;
import dev.gbpf.host.scenario.ScenarioException;
import dev.gbpf.host.scenario.ScenarioReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gbpf demo}: a scenario that needs nothing but gBPF. */
@Command(
        name = "demo",
        addMethodSubcommands = false,
        description = {
            "Runs a language model service with three classes of users on a simulated H200, and replaces the policy under load"
                    + " halfway. Shows what that did to each class, and writes a report for a browser: "
                    + DemoCommand.DEFAULT_HTML
                    + ", unless --html names another. With --trace, runs ten minutes of the trace."
        },
        footer = {
            "",
            "Examples:",
            "  gbpf demo",
            "  gbpf demo --trace AzureLLMInferenceTrace_conv.csv --html azure.html"
        })
final class DemoCommand implements Verb {
    private static final String SCENARIO = "demo.yaml";
    /** A trace of the user's own is longer than the sample; so is the run. */
    private static final String TRACE_SCENARIO = "demo-trace.yaml";

    static final String DEFAULT_HTML = "gbpf-demo.html";

    private final Session session;

    @Mixin
    final RunOptions options = new RunOptions();

    @Option(names = "--print", description = "Print the scenario itself, to begin one of your own, and run nothing.")
    boolean print;

    DemoCommand(Session session) {
        this.session = session;
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(ExitCode.INPUT, ExitCode.RUN, ExitCode.OUTPUT, ExitCode.INTERRUPTED);
    }

    @Override
    public Integer call() {
        SourceFile source = scenario(options.trace == null ? SCENARIO : TRACE_SCENARIO);
        if (print) {
            session.out().append(source.text());
            return ExitCode.OK.number();
        }
        if (options.html == null && !options.quiet) {
            options.html = DEFAULT_HTML;
        }
        PolicyLibrary library = PolicyLibrary.ofClassPath();
        ScenarioExecution execution = new ScenarioExecution(session, options);
        try {
            Scenario scenario = new ScenarioReader(library.names())
                    .parse(source, session.console().directory());
            return execution.run(scenario, library).number();
        } catch (ScenarioException e) {
            throw ScenarioExecution.refused(e);
        }
    }

    private static SourceFile scenario(String name) {
        try (InputStream in = DemoCommand.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not beside " + DemoCommand.class);
            }
            return new SourceFile(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }
}
