package dev.gbpf.host.swap;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One trial of an image, as it stands or as it ended.
 *
 * @param mode "shadow" or "canary"
 * @param policy the policy on trial
 * @param tag hash of its behaviour, hexadecimal
 * @param live the policy that decides about the other jobs, or about all
 * @param fromNs when it began, by the plane's clock
 * @param toNs when it ended; while it runs, when this was written
 * @param shareThousandths the canary's share; 0 for a shadow
 * @param sticky "tenant" or "job"; empty for a shadow
 * @param outcome one of the words of {@link TrialOutcome}
 * @param why what ended it, with the figures of the guard that tripped; empty while it runs
 * @param agreement of a shadow, by hook; empty for a canary
 * @param differences the first decisions in which the shadow differed
 * @param candidate what the image on trial did
 * @param control what the live image did beside a canary; null for a shadow
 */
public record TrialReport(
        String mode,
        String policy,
        String tag,
        String live,
        long fromNs,
        long toNs,
        int shareThousandths,
        String sticky,
        String outcome,
        String why,
        List<HookAgreement> agreement,
        List<Difference> differences,
        SideSummary candidate,
        @Nullable SideSummary control) {
    public TrialReport {
        agreement = List.copyOf(agreement);
        differences = List.copyOf(differences);
    }

    /**
     * How often a shadow gave the live verdict; of on_dispatch, named the same job.
     *
     * @param hook its name
     * @param decisions how often both were asked
     * @param agreed how often they said the same
     */
    public record HookAgreement(String hook, long decisions, long agreed) {}

    /**
     * One decision in which a shadow differed.
     *
     * @param atNs when
     * @param hook its name
     * @param job id of the job that it was about; -1 when there was none
     * @param live what the live image said, in words
     * @param shadow what the shadow said
     */
    public record Difference(long atNs, String hook, long job, String live, String shadow) {}

    /**
     * What one image did during a trial.
     *
     * @param policy its name
     * @param jobs jobs that came to it
     * @param dispatched jobs that it sent to the device
     * @param rejected jobs that it refused
     * @param decisions how often its hooks were asked
     * @param errors what it did wrong without failing
     * @param meanDecisionNs mean time of a decision, ns; 0 when they are not timed
     * @param waitMeanNs mean queue wait of the dispatched jobs, ns
     * @param waitP50Ns median, ns
     * @param waitP99Ns 99th percentile, ns
     * @param waitMaxNs the longest, ns
     */
    public record SideSummary(
            String policy,
            long jobs,
            long dispatched,
            long rejected,
            long decisions,
            long errors,
            long meanDecisionNs,
            long waitMeanNs,
            long waitP50Ns,
            long waitP99Ns,
            long waitMaxNs) {}
}
