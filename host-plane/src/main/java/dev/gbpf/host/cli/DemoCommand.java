package dev.gbpf.host.cli;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.library.PolicyLibrary;
import dev.gbpf.host.scenario.PolicyRef;
import dev.gbpf.host.scenario.Scenario;
import dev.gbpf.host.scenario.Scenario.Policies;
import dev.gbpf.host.scenario.Scenario.Policies.Comparison;
import dev.gbpf.host.scenario.Scenario.Policies.Sequence;
import dev.gbpf.host.scenario.ScenarioException;
import dev.gbpf.host.scenario.ScenarioReader;
import dev.gbpf.host.scenario.Swap;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gbpf demo}: a scenario that needs nothing but gBPF. */
@Command(
        name = "demo",
        description = {
            "Runs a language model service with three classes of users on a simulated H200, and replaces the policy under load"
                    + " halfway. Shows what that did to each class, and writes a report for a browser: "
                    + DemoCommand.DEFAULT_HTML
                    + ", unless --html names another. With --trace, runs ten minutes of the trace at"
                    + " twice its speed."
        },
        footer = {
            "",
            "Examples:",
            "  gbpf demo",
            "  gbpf demo --trace AzureLLMInferenceTrace_conv.csv --html azure.html"
        })
final class DemoCommand implements Verb {
    private static final String SCENARIO = "demo.yaml";
    private static final long TRACE_STRETCH = 10;
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
        SourceFile source = scenario();
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
            return execution
                    .run(options.trace == null ? scenario : stretched(scenario), library)
                    .number();
        } catch (ScenarioException e) {
            throw ScenarioExecution.refused(e);
        }
    }

    /** A trace of the user's own is longer than the sample; so is the run. */
    private static Scenario stretched(Scenario scenario) {
        Policies policies = switch (scenario.policies()) {
            case Sequence(PolicyRef first, List<Swap> swaps) ->
                new Sequence(
                        first,
                        swaps.stream()
                                .map(s -> new Swap(TRACE_STRETCH * s.atNs(), s.to()))
                                .toList());
            case Comparison comparison -> comparison;
        };
        return scenario.withPolicies(policies).withDurationNs(TRACE_STRETCH * scenario.durationNs());
    }

    private static SourceFile scenario() {
        try (InputStream in = DemoCommand.class.getResourceAsStream(SCENARIO)) {
            if (in == null) {
                throw new IllegalStateException(SCENARIO + " is not beside " + DemoCommand.class);
            }
            return new SourceFile(SCENARIO, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + SCENARIO, e);
        }
    }
}
