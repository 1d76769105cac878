package dev.gbpf.host.scenario;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.Severity;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.host.engine.ProgramLinker;
import dev.gbpf.host.image.DeviceHooks;
import dev.gbpf.host.image.ImageLoader;
import dev.gbpf.host.image.LoadResult;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.image.PolicyImage.MapUse;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.host.plane.PlaneConfig;
import dev.gbpf.host.plane.PolicyPlane;
import dev.gbpf.host.plane.PolicyTrace;
import dev.gbpf.host.result.Ending;
import dev.gbpf.host.result.RunInfo;
import dev.gbpf.host.result.RunRecorder;
import dev.gbpf.host.result.RunResult;
import dev.gbpf.host.result.SourceText;
import dev.gbpf.host.scenario.PolicySources.Prepared;
import dev.gbpf.host.sim.Simulation;
import dev.gbpf.host.sim.SimulationBuilder;
import dev.gbpf.host.sim.SimulationOptions;
import dev.gbpf.host.sim.SimulationProgress;
import dev.gbpf.host.sim.SimulationResult;
import dev.gbpf.host.swap.ActivationReason;
import dev.gbpf.host.swap.ActivationRecord;
import dev.gbpf.host.swap.SwapCommand;
import dev.gbpf.host.swap.SwapMode;
import dev.gbpf.host.swap.SwapOutcome;
import dev.gbpf.host.swap.SwapRequest;
import dev.gbpf.host.swap.TrialReport;
import dev.gbpf.host.workload.WorkloadFormatException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One run: tenants, device, workloads, plane and recorder put together, and the swaps done at their times. It runs once. */
final class ScenarioRun {
    /** Virtual time without progress after which a run is given up, ns. */
    private static final long STALL_NS = 60_000_000_000L;

    /** Lines of the trace that become notes. */
    private static final int SHOWN_LINES = 10;

    private static final long PROGRESS_EVERY = 20_000;

    private final Scenario scenario;
    private final PolicyRef first;
    private final List<Swap> swaps;
    private final Map<PolicyRef, Prepared> policies;
    private final MapRegistry maps = new MapRegistry();
    private final ImageLoader loader;
    private final PolicyMeter meter = new PolicyMeter(maps);
    private final RunRecorder recorder;
    private @Nullable PolicyPlane running;

    ScenarioRun(
            Scenario scenario,
            PolicyRef first,
            List<Swap> swaps,
            Map<PolicyRef, Prepared> policies,
            ProgramLinker linker) {
        this.loader = new ImageLoader(maps, linker);
        this.scenario = scenario;
        this.first = first;
        this.swaps = swaps;
        this.policies = policies;
        this.recorder = new RunRecorder(
                TenantSummaries.of(scenario), DeviceSummaries.of(scenario.device()), scenario.durationNs());
    }

    /**
     * Runs to the end of the measured time.
     *
     * @throws ScenarioException when a trace is not in its format
     */
    RunResult run(SimulationProgress progress, RunObserver observer) {
        try (WorkloadSet workloads = WorkloadSet.of(scenario, recorder)) {
            SimulationBuilder builder = Simulation.of(scenario.device())
                    .options(new SimulationOptions(
                            scenario.durationNs(), scenario.tickNs(), STALL_NS, PROGRESS_EVERY, false))
                    .observer(recorder)
                    .progress((nowNs, done) -> {
                        progress.at(nowNs, done);
                        if (running != null) {
                            observer.running(running);
                        }
                    });
            workloads.all().forEach(builder::workload);
            Simulation simulation = builder.build((device, clock, rejections) ->
                    new PolicyPlane(config(), device, clock, new RunListeners(List.of(recorder, meter, rejections))));
            try (PolicyPlane plane = (PolicyPlane) simulation.scheduler()) {
                running = plane;
                meter.measure(plane);
                bringIn(plane, new Swap.To(0, first, new SwapMode.Immediate(), false));
                swaps.forEach(swap -> simulation.at(swap.atNs(), () -> carryOut(plane, swap)));
                SimulationResult end = simulation.run();
                noteTrace(plane);
                observer.ended(first.text(), maps);
                return result(end, plane);
            }
        } catch (WorkloadFormatException e) {
            throw unreadable(e);
        } finally {
            maps.close();
        }
    }

    /** The newest lines that policies printed. */
    private void noteTrace(PolicyPlane plane) {
        List<PolicyTrace.Line> lines = plane.trace().lines();
        lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size())
                .forEach(line -> recorder.note(line.atNs(), "trace: " + line.text()));
    }

    private PlaneConfig config() {
        return new PlaneConfig(
                scenario.tenants().stream().map(ScenarioTenant::tenant).toList(), scenario.seed(), scenario.failsafe());
    }

    private Prepared prepared(PolicyRef policy) {
        return Objects.requireNonNull(policies.get(policy), policy::text);
    }

    private void carryOut(PolicyPlane plane, Swap swap) {
        switch (swap) {
            case Swap.To to -> bringIn(plane, to);
            case Swap.Order(long atNs, SwapCommand command) -> {
                if (plane.apply(command) instanceof SwapOutcome.Refused(String name, String why)) {
                    recorder.note(atNs, "what was to be done about " + name + " was not done: " + why);
                }
            }
        }
    }

    /** Loads a policy now, so that it finds the maps as they are now, and brings it in. */
    private void bringIn(PolicyPlane plane, Swap.To swap) {
        Prepared policy = prepared(swap.to());
        if (policy.object() == null) {
            if (!plane.activePolicy().equals(ActivationRecord.BYPASS)) {
                plane.bypass(ActivationReason.SWAP.word());
            }
            return;
        }
        MapUse use = swap.mode() instanceof SwapMode.Trial ? MapUse.COPIED : MapUse.SHARED;
        switch (loader.load(policy.object(), use)) {
            case LoadResult.Rejected rejected ->
                throw new ScenarioException(
                        rejected.diagnostics(), policy.object().source());
            case LoadResult.Loaded(PolicyImage image) -> {
                SwapRequest request = new SwapRequest(image, swap.mode(), swap.dropMaps());
                if (plane.apply(new SwapCommand.Swap(request))
                        instanceof SwapOutcome.Refused(String name, String why)) {
                    image.discard();
                    recorder.note(swap.atNs(), name + " was not activated: " + why);
                } else {
                    DeviceHooks.note(policy.object()).ifPresent(note -> recorder.note(swap.atNs(), note));
                }
            }
        }
    }

    private static Stream<PolicyRef> policyOf(Swap swap) {
        return swap instanceof Swap.To to ? Stream.of(to.to()) : Stream.empty();
    }

    private RunResult result(SimulationResult end, PolicyPlane plane) {
        TrialReport unfinished = plane.monitor().status().trial();
        if (unfinished != null) {
            recorder.trialEnded(unfinished);
        }
        Set<SourceText> sources = new LinkedHashSet<>();
        sources.add(new SourceText(
                "scenario", scenario.source().name(), scenario.source().text()));
        List<String> labels = new ArrayList<>();
        Stream.concat(Stream.of(first), swaps.stream().flatMap(ScenarioRun::policyOf))
                .map(this::prepared)
                .forEach(policy -> {
                    labels.add(policy.label());
                    if (policy.source() != null) {
                        sources.add(policy.source());
                    }
                });
        return recorder.finish(
                new RunInfo(
                        scenario.name(),
                        String.join(" > ", labels),
                        scenario.seed(),
                        scenario.durationNs(),
                        scenario.tickNs()),
                List.copyOf(sources),
                meter.finish(),
                new Ending(end.outcome().name().toLowerCase(Locale.ROOT), end.explanation(), end.endNs()),
                plane.queued(),
                plane.running());
    }

    private static ScenarioException unreadable(WorkloadFormatException e) {
        int line = Math.clamp(e.line(), 1, Integer.MAX_VALUE);
        return new ScenarioException(
                List.of(new Diagnostic(
                        Problems.BAD_TRACE,
                        Severity.ERROR,
                        e.what(),
                        e.file(),
                        new SourceSpan(line, Math.max(1, e.column()), 1),
                        "",
                        List.of(),
                        e.remedy())),
                null);
    }
}
