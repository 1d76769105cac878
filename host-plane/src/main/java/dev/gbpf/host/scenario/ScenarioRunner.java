package dev.gbpf.host.scenario;

import dev.gbpf.host.engine.Engine;
import dev.gbpf.host.engine.ProgramLinker;
import dev.gbpf.host.library.PolicyLibrary;
import dev.gbpf.host.result.RunResult;
import dev.gbpf.host.scenario.PolicySources.Prepared;
import dev.gbpf.host.scenario.Scenario.Policies;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs scenarios on the simulated device. Results depend on the scenario and its seed alone: not on the machine, on how many
 * runs go on at once, or on what ran before.
 */
public final class ScenarioRunner {
    /** Runs of a comparison that go on at once; each takes memory for its waiting jobs. */
    private static final int AT_ONCE = 2;

    private final PolicyLibrary library;
    private final ProgramLinker linker;

    /**
     * A runner.
     *
     * @param library where policies without a path come from
     * @param engine what runs policies
     */
    public ScenarioRunner(PolicyLibrary library, Engine engine) {
        this.library = library;
        this.linker = new ProgramLinker(engine);
    }

    /**
     * Runs a scenario: once under its policies in turn, or once under each when it compares them.
     *
     * @return one result for each run, in the order of the scenario
     * @throws ScenarioException when a policy cannot be used, or a trace is not in its format; nothing has run then, or what
     *     ran is of no use
     */
    public List<RunResult> run(Scenario scenario, RunProgress progress) {
        return run(scenario, progress, RunObserver.NONE);
    }

    /**
     * Runs a scenario as {@link #run(Scenario, RunProgress)} does.
     *
     * @param observer looks at each run
     * @throws ScenarioException likewise
     */
    public List<RunResult> run(Scenario scenario, RunProgress progress, RunObserver observer) {
        PolicySources sources = new PolicySources(library, scenario.folder());
        Map<PolicyRef, Prepared> prepared = new HashMap<>();
        return switch (scenario.policies()) {
            case Policies.Sequence(PolicyRef first, List<Swap> swaps) -> {
                prepared.put(first, sources.prepare(first));
                swaps.forEach(swap -> {
                    if (swap instanceof Swap.To to) {
                        prepared.computeIfAbsent(to.to(), sources::prepare);
                    }
                });
                yield List.of(new ScenarioRun(scenario, first, swaps, prepared, linker)
                        .run((nowNs, done) -> progress.at(0, 1, nowNs, scenario.durationNs(), done), observer));
            }
            case Policies.Comparison(List<PolicyRef> policies) -> {
                policies.forEach(policy -> prepared.computeIfAbsent(policy, sources::prepare));
                yield compare(scenario, policies, prepared, progress, observer);
            }
        };
    }

    private List<RunResult> compare(
            Scenario scenario,
            List<PolicyRef> policies,
            Map<PolicyRef, Prepared> prepared,
            RunProgress progress,
            RunObserver observer) {
        List<Future<RunResult>> runs = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(AT_ONCE)) {
            for (int i = 0; i < policies.size(); i++) {
                int run = i;
                PolicyRef policy = policies.get(i);
                runs.add(executor.submit(() -> new ScenarioRun(scenario, policy, List.of(), prepared, linker)
                        .run(
                                (nowNs, done) -> progress.at(run, policies.size(), nowNs, scenario.durationNs(), done),
                                observer)));
            }
            List<RunResult> results = new ArrayList<>();
            try {
                for (Future<RunResult> run : runs) {
                    results.add(run.get());
                }
            } catch (ExecutionException e) {
                executor.shutdownNow();
                throw unwrapped(e);
            } catch (InterruptedException e) {
                executor.shutdownNow();
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while a comparison ran", e);
            }
            return List.copyOf(results);
        }
    }

    private static RuntimeException unwrapped(ExecutionException e) {
        return e.getCause() instanceof RuntimeException cause
                ? cause
                : new IllegalStateException("a run of the comparison failed", e);
    }
}
