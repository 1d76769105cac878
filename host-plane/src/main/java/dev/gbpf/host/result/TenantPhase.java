package dev.gbpf.host.result;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one tenant got during a phase, or during the whole measured time. A job counts in the phase in which it ended, however
 * long before it was submitted; {@code submitted} alone counts the phase in which it came.
 *
 * @param tenant index of the tenant
 * @param submitted jobs that came in
 * @param completed jobs that ran to their end
 * @param carried how many of the completed jobs had come in before the phase began, and so waited under another policy too;
 *     over the whole time, the sum of the phases
 * @param failed jobs that the device ended with an error; they are in no distribution
 * @param rejected jobs that the policy refused
 * @param latency from submission to end, of completed jobs
 * @param queueWait from submission to the hand-over to the device, of completed jobs
 * @param throughputPerS completed jobs per second
 * @param deviceNs device time that its jobs used, ns
 * @param deviceShare its part of the device time that all tenants used, 0 to 1
 * @param deadlineJobs jobs with a deadline that ended, rejected ones among them
 * @param deadlineMisses how many of those were late, failed or rejected
 * @param overSlo completed jobs whose latency was above the tenant's objective
 * @param requests requests that these jobs made up, or null when the workload has none
 * @param latencyCurve latency, ns, at the quantiles of {@link QuantileLadder#PARTS}; empty without completed jobs
 */
public record TenantPhase(
        int tenant,
        long submitted,
        long completed,
        long carried,
        long failed,
        long rejected,
        Distribution latency,
        Distribution queueWait,
        double throughputPerS,
        long deviceNs,
        double deviceShare,
        long deadlineJobs,
        long deadlineMisses,
        long overSlo,
        @Nullable RequestSummary requests,
        List<Long> latencyCurve) {
    public TenantPhase {
        latencyCurve = List.copyOf(latencyCurve);
    }
}
