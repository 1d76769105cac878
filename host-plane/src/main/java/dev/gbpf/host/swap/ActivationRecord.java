package dev.gbpf.host.swap;

import java.util.List;

/**
 * One change of the policy that decides.
 *
 * @param atNs when, by the plane's clock
 * @param from name of the policy that left, {@link #BYPASS} when none was active
 * @param fromTag hash of its behaviour, hexadecimal; empty for bypass
 * @param fromDecisions that it made
 * @param to name of the policy that decides from here on, {@link #BYPASS} when none does
 * @param toTag hash of its behaviour, hexadecimal; empty for bypass
 * @param reason why: "start", "swap", "rollback", "unload" or what ejected it
 * @param queuedJobs jobs that waited in queues at the change; none of them is lost
 * @param reofferedJobs how many of them the new policy was asked about anew
 * @param keptMaps maps whose contents the new image shares with an earlier one of the same policy
 * @param freshMaps maps that start empty
 * @param migratedMaps maps of the earlier image whose contents the new one's {@code migrate} took over
 * @param droppedMaps maps of the earlier image whose schema the new one does not have
 */
public record ActivationRecord(
        long atNs,
        String from,
        String fromTag,
        long fromDecisions,
        String to,
        String toTag,
        String reason,
        int queuedJobs,
        int reofferedJobs,
        List<String> keptMaps,
        List<String> freshMaps,
        List<String> migratedMaps,
        List<String> droppedMaps) {
    /** Stands for no policy: FIFO with unlimited credit. */
    public static final String BYPASS = "bypass";

    public ActivationRecord {
        keptMaps = List.copyOf(keptMaps);
        freshMaps = List.copyOf(freshMaps);
        migratedMaps = List.copyOf(migratedMaps);
        droppedMaps = List.copyOf(droppedMaps);
    }

    /** Whether an earlier policy came back. */
    public boolean rollsBack() {
        String word = ActivationReason.ROLLBACK.word();
        return !toTag.isEmpty() && (reason.equals(word) || reason.startsWith(word + ": "));
    }
}
