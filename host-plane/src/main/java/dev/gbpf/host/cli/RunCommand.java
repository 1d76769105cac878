package dev.gbpf.host.cli;

import dev.gbpf.host.library.PolicyLibrary;
import dev.gbpf.host.scenario.PolicyRef;
import dev.gbpf.host.scenario.Scenario;
import dev.gbpf.host.scenario.Scenario.Policies;
import dev.gbpf.host.scenario.ScenarioException;
import dev.gbpf.host.scenario.ScenarioReader;
import dev.gbpf.host.swap.ActivationRecord;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gbpf run}: a scenario on the simulated device. */
@Command(
        name = "run",
        addMethodSubcommands = false,
        description = {
            "Runs a scenario in virtual time on the simulated device, and shows what its policies did to whom: before and after"
                    + " each swap, or one policy beside another. The same scenario and seed give the same result on every machine."
        },
        footer = {
            "",
            "Examples:",
            "  gbpf run two_tenants.yaml --html two_tenants.html",
            "  gbpf run two_tenants.yaml --policy mine.gbpf --json -",
            "  gbpf run two_tenants.yaml --policy fifo --policy weighted_fair"
        })
final class RunCommand implements Verb {
    private static final int MOST_POLICIES = 16;

    private final Session session;

    @Mixin
    final RunOptions options = new RunOptions();

    @Parameters(paramLabel = "SCENARIO", description = "A scenario file (docs/scenario.md), or - for standard input.")
    String file = "";

    @Option(
            names = "--policy",
            paramLabel = "POLICY",
            description =
                    "Run under this policy in place of the scenario's: a name of the library, bypass, or a .gbpf, .gbo or"
                            + " .o file. Given several times, runs under each and compares.")
    List<String> policies = List.of();

    RunCommand(Session session) {
        this.session = session;
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(
                ExitCode.INPUT,
                ExitCode.COMPILE,
                ExitCode.REJECTED,
                ExitCode.SCENARIO,
                ExitCode.RUN,
                ExitCode.OUTPUT,
                ExitCode.INTERRUPTED);
    }

    @Override
    public Integer call() {
        if (policies.size() > MOST_POLICIES) {
            throw new CliException(
                    ExitCode.USAGE, "--policy is given " + policies.size() + " times", "at most " + MOST_POLICIES);
        }
        PolicyLibrary library = PolicyLibrary.ofClassPath();
        InputFile input = InputFile.read(session.console(), file, "scenario");
        ScenarioExecution execution = new ScenarioExecution(session, options, file);
        Scenario scenario = read(session.console(), input, library);
        List<PolicyRef> references =
                policies.stream().map(p -> reference(p, library)).toList();
        if (references.size() == 1) {
            scenario = scenario.withPolicies(new Policies.Sequence(references.getFirst(), List.of()));
        } else if (!references.isEmpty()) {
            scenario = scenario.withPolicies(new Policies.Comparison(references));
        }
        return execution.run(scenario, library).number();
    }

    /**
     * Reads a scenario.
     *
     * @throws DiagnosticException when it is none that can be run
     */
    static Scenario read(Console console, InputFile input, PolicyLibrary library) {
        Path parent = console.resolve(input.name()).toAbsolutePath().getParent();
        Path folder = parent == null ? console.directory() : parent;
        try {
            return new ScenarioReader(library.names()).parse(input.text(), folder);
        } catch (ScenarioException e) {
            throw ScenarioExecution.refused(e);
        }
    }

    /** What the scenario calls a policy that the command line names; a file is checked here, where its errors belong. */
    private PolicyRef reference(String policy, PolicyLibrary library) {
        if (policy.equals(ActivationRecord.BYPASS) || library.policy(policy).isPresent()) {
            return new PolicyRef(policy);
        }
        VerifiedPolicy.of(PolicyInput.named(session.console(), library, policy));
        if (!PolicyRef.isFileName(policy)) {
            throw new CliException(
                    ExitCode.INPUT,
                    "the policy file " + policy + " ends in none of .gbpf, .gbo and .o",
                    policy.endsWith(".c") ? "compile it: gbpf compile " + policy : "rename it");
        }
        return new PolicyRef(session.console().resolve(policy).toAbsolutePath().toString());
    }
}
