package dev.gbpf.host.scenario;

import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.host.workload.ArrivalProcess;
import dev.gbpf.host.workload.SyntheticParameters;

/**
 * Refuses scenarios that would run for hours because of a slip in a rate. Closed loops wait for the device and need no limit;
 * neither do traces, which are as long as they are.
 */
final class LoadLimit {
    /** Jobs of open-loop tenants that a run may have. */
    static final long MOST_JOBS = 50_000_000L;

    private LoadLimit() {}

    static void check(Scenario scenario, SourceSpan span, Problems problems) {
        double jobs = 0;
        for (WorkloadSpec workload : scenario.workloads()) {
            jobs += switch (workload) {
                case WorkloadSpec.Synthetic(SyntheticParameters parameters) -> expectedJobs(parameters);
                case WorkloadSpec.Collective _, WorkloadSpec.Memory _, WorkloadSpec.Llm _ -> 0;
            };
        }
        if (jobs > MOST_JOBS) {
            problems.add(
                    Problems.OUT_OF_RANGE,
                    span,
                    "the workload would make about " + (long) jobs + " jobs, and may make " + MOST_JOBS,
                    "",
                    "lower the rates, shorten the duration, or set \"max_requests\"");
        }
    }

    private static double expectedJobs(SyntheticParameters parameters) {
        double seconds = (parameters.endNs() - parameters.startNs()) / 1e9;
        double requests = switch (parameters.arrivals()) {
            case ArrivalProcess.Poisson(double rate) -> rate * seconds;
            case ArrivalProcess.OnOff(double on, double off, long onNs, long offNs) ->
                seconds * (on * onNs + off * offNs) / ((double) onNs + offNs);
            case ArrivalProcess.Periodic(long periodNs, long _) -> seconds * 1e9 / periodNs;
            case ArrivalProcess.ClosedLoop _ -> 0;
        };
        return Math.min(requests, (double) parameters.maxRequests())
                * parameters.shape().jobs();
    }
}
