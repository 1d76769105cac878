package dev.gbpf.host.plane;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.allocation.Allocation;
import dev.gbpf.host.failsafe.ExitInfo;
import dev.gbpf.host.failsafe.Quarantine;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.swap.ActivationRecord;
import dev.gbpf.host.swap.TrialReport;
import java.util.List;

/**
 * Told what becomes of each job, on the plane's thread and in order. For metrics, records and reports; it must not call the
 * plane.
 */
public interface PlaneListener {
    /** A job came in; the policy has not been asked yet. */
    default void submitted(Job job, long nowNs) {}

    /** The job joined a dispatch queue: at its submission, when it was offered again after a swap, or by a policy's move. */
    default void queued(Job job, int dsq, long nowNs) {}

    /** The job went to the device; its vSlice and time are set. */
    default void dispatched(Job job, long nowNs) {}

    /** The job gave up its place on the device after {@code runNs} of device time, and waits again. */
    default void yielded(Job job, long runNs, long nowNs) {}

    /** Something happened to an allocation. */
    default void memory(MemoryEvent event, Allocation allocation, long nowNs) {}

    /** A tenant's allocations take so much device memory from now on. */
    default void memoryUsed(int tenant, long bytes, long nowNs) {}

    /** The job is over; {@code runNs} is all device time that it used. */
    default void retired(Job job, long runNs, boolean failed, long nowNs) {}

    /** Ranks of collective operations, which run, wait for others that find no place. */
    default void deadlocked(List<Job> waiting, long nowNs) {}

    /** The job was refused, and never ran. */
    default void rejected(Job job, long reason, long nowNs) {}

    /**
     * A program of a policy failed at run time, which a verified one never should.
     *
     * @param policy name of the policy
     * @param hook where it failed
     * @param what the failure in words
     */
    default void faulted(String policy, Hook hook, String what, long nowNs) {}

    /** Another image decides from here on. */
    default void activated(ActivationRecord activation) {}

    /** A policy was taken out by the failsafe or by an operator; {@link #activated} comes before it. */
    default void ejected(ExitInfo exit) {}

    /** A policy must not decide again before an operator says so. */
    default void quarantined(Quarantine.Entry policy) {}

    /**
     * The plane is closed; not called in bypass.
     *
     * @param policy the policy that decided until now
     * @param decisions that it made
     */
    default void stopped(String policy, long decisions, long nowNs) {}

    /** An image is on trial from here on. */
    default void trialStarted(TrialReport trial) {}

    /** The trial is over. */
    default void trialEnded(TrialReport trial) {}
}
