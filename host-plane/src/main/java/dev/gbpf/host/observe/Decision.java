package dev.gbpf.host.observe;

import dev.gbpf.abi.Hook;

/**
 * One decision.
 *
 * @param number from 0 in the order in which its recorder took them
 * @param atNs when, by the plane's clock
 * @param hook which hook was asked
 * @param image number of the side that was asked: each activation and each trial has another
 * @param tenant the job's tenant, -1 when the hook is not about a job
 * @param job the job's id
 * @param verdict what the program returned; the hook's default when it failed
 * @param durationNs real time that it took, ns, {@value #NOT_TIMED} when it was not timed
 */
public record Decision(
        long number, long atNs, Hook hook, long image, int tenant, long job, long verdict, long durationNs) {
    /** In place of a duration. */
    public static final long NOT_TIMED = -1;

    /** In place of a tenant. */
    public static final int NO_TENANT = -1;

    public boolean hasJob() {
        return tenant != NO_TENANT;
    }

    public boolean isTimed() {
        return durationNs != NOT_TIMED;
    }
}
