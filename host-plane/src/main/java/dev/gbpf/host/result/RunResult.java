package dev.gbpf.host.result;

import dev.gbpf.host.swap.ActivationRecord;
import dev.gbpf.host.swap.TrialReport;
import java.util.List;

/**
 * All that a run gave. It depends on the scenario and the seed alone: no wall-clock time, path or name of the machine is in
 * it.
 *
 * @param run which run it was
 * @param device what it ran on
 * @param tenants who shared the device, by index
 * @param phases the measured time, cut at each change of the policy
 * @param totals one entry per tenant over the whole measured time
 * @param memory device memory in each phase; empty when nobody asked for any apart from what jobs take
 * @param backlog one entry per tenant: what was unfinished at the end of the measured time
 * @param activations each change of the policy, in order
 * @param trials each trial of a shadow or a canary, in the order of their ends; one that was under way at the end is the last
 * @param counters what each activation did, in the same order
 * @param quantileParts the quantiles of all latency curves, in parts per 100,000
 * @param series waiting jobs and device time over time
 * @param timeline who ran where at the start and around each change of the policy
 * @param sources texts that the run was made from
 * @param ending how it ended
 * @param notes what to know besides: refused activations, run-time errors, device hooks that do not run
 * @param invariants what became of all jobs
 */
public record RunResult(
        RunInfo run,
        DeviceSummary device,
        List<TenantSummary> tenants,
        List<Phase> phases,
        List<TenantPhase> totals,
        List<MemoryPhase> memory,
        List<Backlog> backlog,
        List<ActivationRecord> activations,
        List<TrialReport> trials,
        List<PolicyCounters> counters,
        List<Integer> quantileParts,
        TimeSeries series,
        Timeline timeline,
        List<SourceText> sources,
        Ending ending,
        List<String> notes,
        Invariants invariants) {
    public RunResult {
        tenants = List.copyOf(tenants);
        phases = List.copyOf(phases);
        totals = List.copyOf(totals);
        memory = List.copyOf(memory);
        backlog = List.copyOf(backlog);
        activations = List.copyOf(activations);
        trials = List.copyOf(trials);
        counters = List.copyOf(counters);
        quantileParts = List.copyOf(quantileParts);
        sources = List.copyOf(sources);
        notes = List.copyOf(notes);
    }

    /**
     * A tenant's unfinished jobs at the end of the measured time.
     *
     * @param waiting submitted and not yet handed to the device
     * @param running held by the device
     */
    public record Backlog(int waiting, int running) {}
}
