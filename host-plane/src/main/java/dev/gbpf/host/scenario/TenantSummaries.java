package dev.gbpf.host.scenario;

import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.result.TenantSummary;
import dev.gbpf.host.workload.CollectiveParameters;
import dev.gbpf.host.workload.LlmParameters;
import dev.gbpf.host.workload.MemoryParameters;
import dev.gbpf.host.workload.SyntheticParameters;
import dev.gbpf.host.workload.TenantAssignment;
import dev.gbpf.host.workload.TenantShare;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** The tenants of a scenario, as results describe them. */
final class TenantSummaries {
    private TenantSummaries() {}

    static List<TenantSummary> of(Scenario scenario) {
        List<TenantSummary> summaries = new ArrayList<>();
        for (ScenarioTenant each : scenario.tenants()) {
            Tenant tenant = each.tenant();
            summaries.add(new TenantSummary(
                    tenant.index(),
                    tenant.name(),
                    tenant.weight(),
                    tenant.priority(),
                    each.sloNs(),
                    objective(scenario, tenant, TenantShare::ttftSloNs),
                    objective(scenario, tenant, TenantShare::tpotSloNs),
                    work(scenario, tenant)));
        }
        return List.copyOf(summaries);
    }

    /** The tightest of the objectives that the scenario's LLM workloads give a tenant, 0 when they give none. */
    private static long objective(Scenario scenario, Tenant tenant, ToLongFunction<TenantShare> of) {
        return scenario.workloads().stream()
                .flatMap(TenantSummaries::shares)
                .filter(share -> share.tenant().equals(tenant))
                .mapToLong(of)
                .filter(ns -> ns > 0)
                .min()
                .orElse(0);
    }

    private static Stream<TenantShare> shares(WorkloadSpec workload) {
        return switch (workload) {
            case WorkloadSpec.Synthetic _, WorkloadSpec.Collective _, WorkloadSpec.Memory _ -> Stream.of();
            case WorkloadSpec.Llm(LlmTrace _, LlmParameters parameters) -> {
                TenantAssignment assignment = parameters.assignment();
                Stream<TenantShare> shares = assignment.shares().stream();
                TenantShare longContext = assignment.longContext();
                yield longContext == null ? shares : Stream.concat(shares, Stream.of(longContext));
            }
        };
    }

    private static String work(Scenario scenario, Tenant tenant) {
        List<String> words = new ArrayList<>();
        for (WorkloadSpec workload : scenario.workloads()) {
            switch (workload) {
                case WorkloadSpec.Synthetic(SyntheticParameters parameters) -> {
                    if (parameters.tenant().equals(tenant)) {
                        words.add(WorkloadWords.of(parameters));
                    }
                }
                case WorkloadSpec.Collective(CollectiveParameters parameters) -> {
                    if (parameters.tenant().equals(tenant)) {
                        words.add(WorkloadWords.of(parameters));
                    }
                }
                case WorkloadSpec.Memory(MemoryParameters parameters) -> {
                    if (parameters.tenant().equals(tenant)) {
                        words.add(WorkloadWords.of(parameters));
                    }
                }
                case WorkloadSpec.Llm(LlmTrace trace, LlmParameters parameters) -> {
                    if (shares(workload).anyMatch(share -> share.tenant().equals(tenant))) {
                        words.add(WorkloadWords.of(parameters, trace));
                    }
                }
            }
        }
        return words.isEmpty() ? "no work" : String.join("; ", words);
    }
}
