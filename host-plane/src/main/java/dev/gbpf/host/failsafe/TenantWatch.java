package dev.gbpf.host.failsafe;

import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.Roster;
import dev.gbpf.host.queue.Tenant;
import org.jspecify.annotations.Nullable;

/** Notices tenants whose jobs are held although the device could take them, or passed over for others. */
final class TenantWatch {
    /*
     * A tenant whose jobs have not moved for half the limit is a suspect. From then on the jobs that go to the device and came
     * to the plane later than that moment are counted: each of them came after every job with which the tenant waits, so it has
     * overtaken one. First in, first out never does, whatever the backlog. A job of a tenant with n times the weight counts as
     * 1/n: weights are there to be kept.
     *
     * Jobs cost a few additions. There are no suspects as a rule; while there are, each start looks at all tenants.
     */
    private final FailsafeConfig config;
    private final Roster roster;
    private final int[] waiting;
    private final long[] moved;
    private final long[] movedAtTick;
    /** Watch time of the last progress, or when there was nothing to wait for. */
    private final long[] sinceNs;
    /** The device's idle time at that moment. */
    private final long[] sinceIdleNs;

    private final boolean[] suspect;
    private final long[] suspectArrival;
    private final double[] overtakes;
    private final long[] inversions;
    private int suspects;
    private long lastArrival = -1;

    TenantWatch(FailsafeConfig config, Roster roster) {
        this.config = config;
        this.roster = roster;
        int count = roster.capacity();
        this.waiting = new int[count];
        this.moved = new long[count];
        this.movedAtTick = new long[count];
        this.sinceNs = new long[count];
        this.sinceIdleNs = new long[count];
        this.suspect = new boolean[count];
        this.suspectArrival = new long[count];
        this.overtakes = new double[count];
        this.inversions = new long[count];
    }

    void submitted(Job job) {
        waiting[job.tenant().index()]++;
        lastArrival = job.arrival();
    }

    void left(Job job) {
        int tenant = job.tenant().index();
        waiting[tenant]--;
        moved[tenant]++;
    }

    void dispatched(Job job) {
        left(job);
        if (suspects > 0) {
            passed(job);
        }
    }

    private void passed(Job job) {
        Tenant served = job.tenant();
        for (int t = 0; t < suspect.length; t++) {
            if (!suspect[t] || t == served.index() || job.arrival() <= suspectArrival[t]) {
                continue;
            }
            Tenant passedOver = roster.tenants().get(t);
            if (served.priority() <= passedOver.priority()) {
                overtakes[t] += Math.min(1.0, (double) passedOver.weight() / served.weight());
            }
            if (served.priority() < passedOver.priority()) {
                inversions[t]++;
            }
        }
    }

    /** All tenants begin anew: another policy decides. */
    void restart(long watchNs, long idleNs) {
        for (int t = 0; t < waiting.length; t++) {
            progressed(t, watchNs, idleNs);
        }
    }

    private void progressed(int tenant, long watchNs, long idleNs) {
        movedAtTick[tenant] = moved[tenant];
        sinceNs[tenant] = watchNs;
        sinceIdleNs[tenant] = idleNs;
        if (suspect[tenant]) {
            suspect[tenant] = false;
            suspects--;
        }
    }

    /** Time that is nobody's: jobs wait for device memory. */
    void leaveOut(long ns) {
        for (int t = 0; t < waiting.length; t++) {
            sinceNs[t] += ns;
        }
    }

    /**
     * Looks at all tenants.
     *
     * @param watchNs time without pauses
     * @param idleNs how much of it the device had room although jobs waited
     */
    @Nullable
    Trip judge(long watchNs, long idleNs) {
        for (int t = 0; t < waiting.length; t++) {
            if (waiting[t] == 0 || moved[t] != movedAtTick[t]) {
                progressed(t, watchNs, idleNs);
                continue;
            }
            long waitedNs = watchNs - sinceNs[t];
            long heldNs = idleNs - sinceIdleNs[t];
            if (heldNs > config.holdNs()) {
                return new Trip(
                        Trip.Kind.HOLD,
                        described(t) + " waited, and none of them moved in " + Durations.text(heldNs)
                                + " in which the device had room; the limit is " + Durations.text(config.holdNs()));
            }
            if (!suspect[t] && waitedNs >= config.starvationNs() / 2) {
                suspect[t] = true;
                suspects++;
                suspectArrival[t] = lastArrival;
                overtakes[t] = 0;
                inversions[t] = 0;
            } else if (waitedNs >= config.starvationNs()) {
                if (inversions[t] >= config.overtakes()) {
                    return overtaken(Trip.Kind.PRIORITY_INVERSION, t, waitedNs, inversions[t], "of lower priority");
                }
                if (overtakes[t] >= config.overtakes()) {
                    return overtaken(
                            Trip.Kind.STARVATION, t, waitedNs, (long) overtakes[t], "of the same or lower priority");
                }
            }
        }
        return null;
    }

    private Trip overtaken(Trip.Kind kind, int tenant, long waitedNs, long passes, String ofWhom) {
        return new Trip(
                kind,
                described(tenant) + " waited, and none of them moved in " + Durations.text(waitedNs) + " while "
                        + passes
                        + " later jobs of tenants " + ofWhom + " passed; the limits are "
                        + Durations.text(config.starvationNs()) + " and " + config.overtakes());
    }

    private String described(int tenant) {
        return waiting[tenant] + " jobs of tenant "
                + roster.tenants().get(tenant).name();
    }

    int waiting(int tenant) {
        return waiting[tenant];
    }
}
