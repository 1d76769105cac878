package dev.gbpf.host.result;

/**
 * What became of all jobs, and whether the plane kept its promises.
 *
 * @param submitted jobs that came in
 * @param completed jobs that ran to their end, within the measured time or after it
 * @param failed jobs that the device ended with an error
 * @param rejected jobs that the policy refused
 * @param waiting jobs that waited in queues when the run stopped
 * @param running jobs that the device held when the run stopped
 * @param lost jobs that are none of these; 0 unless the plane is wrong
 * @param duplicated jobs that were dispatched or ended twice, or out of nowhere; 0 unless the plane is wrong
 */
public record Invariants(
        long submitted,
        long completed,
        long failed,
        long rejected,
        long waiting,
        long running,
        long lost,
        long duplicated) {
    /** Whether nothing was lost and nothing ran twice. */
    public boolean hold() {
        return lost == 0 && duplicated == 0;
    }
}
