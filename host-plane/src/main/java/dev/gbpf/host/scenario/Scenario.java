package dev.gbpf.host.scenario;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.failsafe.FailsafeConfig;
import dev.gbpf.host.sim.DeviceModel;
import dev.gbpf.host.workload.CollectiveParameters;
import dev.gbpf.host.workload.LlmParameters;
import dev.gbpf.host.workload.LlmTraceParameters;
import dev.gbpf.host.workload.MemoryParameters;
import dev.gbpf.host.workload.SyntheticParameters;
import java.nio.file.Path;
import java.util.List;

/**
 * Everything that a run depends on. The same scenario with the same seed gives the same result on every machine.
 *
 * @param name for people
 * @param seed of all random choices
 * @param durationNs measured virtual time, ns
 * @param tickNs period of the plane, ns
 * @param device what it runs on
 * @param tenants who shares it, by index
 * @param workloads where the jobs come from
 * @param policies with which policies: one, and what it is swapped for, or several that are compared
 * @param failsafe when a policy is taken out
 * @param source the text that it was read from, named without any folder
 * @param folder where its relative paths begin
 */
public record Scenario(
        String name,
        long seed,
        long durationNs,
        long tickNs,
        DeviceModel device,
        List<ScenarioTenant> tenants,
        List<WorkloadSpec> workloads,
        Policies policies,
        FailsafeConfig failsafe,
        SourceFile source,
        Path folder) {
    public Scenario {
        tenants = List.copyOf(tenants);
        workloads = List.copyOf(workloads);
    }

    /** Which policies decide. */
    public sealed interface Policies {
        /**
         * One run.
         *
         * @param first decides from the start
         * @param swaps in order of their times
         */
        record Sequence(PolicyRef first, List<Swap> swaps) implements Policies {
            public Sequence {
                swaps = List.copyOf(swaps);
            }
        }

        /** One run under each, from start to end. */
        record Comparison(List<PolicyRef> policies) implements Policies {
            public Comparison {
                policies = List.copyOf(policies);
            }
        }
    }

    /** The same scenario with other random choices. */
    public Scenario withSeed(long newSeed) {
        List<WorkloadSpec> reseeded =
                workloads.stream().map(w -> withSeed(w, newSeed)).toList();
        return new Scenario(
                name, newSeed, durationNs, tickNs, device, tenants, reseeded, policies, failsafe, source, folder);
    }

    /** The same scenario with other work. */
    public Scenario withWorkloads(List<WorkloadSpec> newWorkloads) {
        return new Scenario(
                name, seed, durationNs, tickNs, device, tenants, newWorkloads, policies, failsafe, source, folder);
    }

    /** The same scenario under other policies. */
    public Scenario withPolicies(Policies newPolicies) {
        return new Scenario(
                name, seed, durationNs, tickNs, device, tenants, workloads, newPolicies, failsafe, source, folder);
    }

    private static WorkloadSpec withSeed(WorkloadSpec workload, long seed) {
        return switch (workload) {
            case WorkloadSpec.Synthetic(SyntheticParameters p) ->
                new WorkloadSpec.Synthetic(new SyntheticParameters(
                        p.tenant(),
                        seed,
                        p.arrivals(),
                        p.service(),
                        p.shape(),
                        p.streams(),
                        p.startNs(),
                        p.endNs(),
                        p.maxRequests()));
            case WorkloadSpec.Collective(CollectiveParameters p) ->
                new WorkloadSpec.Collective(new CollectiveParameters(
                        p.tenant(),
                        seed,
                        p.ranks(),
                        p.compute(),
                        p.computeWidth(),
                        p.width(),
                        p.bytes(),
                        p.bytesPerSecond(),
                        p.timeoutNs(),
                        p.startNs(),
                        p.endNs(),
                        p.maxSteps()));
            case WorkloadSpec.Memory(MemoryParameters p) -> new WorkloadSpec.Memory(p.withSeed(seed));
            case WorkloadSpec.Llm(LlmTrace trace, LlmParameters p) ->
                new WorkloadSpec.Llm(
                        withSeed(trace, seed),
                        new LlmParameters(
                                p.model(),
                                p.assignment(),
                                seed,
                                p.speedup(),
                                p.maxRequests(),
                                p.width(),
                                p.prefillMemoryIntensity(),
                                p.decodeBatchClass(),
                                p.expectedBatch()));
        };
    }

    private static LlmTrace withSeed(LlmTrace trace, long seed) {
        return switch (trace) {
            case LlmTrace.Recorded recorded -> recorded;
            case LlmTrace.Sample sample -> sample;
            case LlmTrace.Generated(LlmTraceParameters p) ->
                new LlmTrace.Generated(new LlmTraceParameters(
                        seed,
                        p.durationNs(),
                        p.ratePerSecond(),
                        p.swing(),
                        p.swingPeriodNs(),
                        p.burstFactor(),
                        p.meanBurstNs(),
                        p.meanCalmNs(),
                        p.context(),
                        p.generated()));
        };
    }
}
