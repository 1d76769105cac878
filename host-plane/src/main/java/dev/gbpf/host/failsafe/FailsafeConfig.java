package dev.gbpf.host.failsafe;

import dev.gbpf.host.check.Checks;

/**
 * When a policy is taken out. Times are of the plane's clock, less its pauses; shares are thousandths. {@code docs/failsafe.md}
 * tells what each limit is for.
 *
 * @param stallNs jobs wait, the device has room, and for so long no job moved, ns; deferrals with an end do not count
 * @param holdNs a tenant's jobs wait, the device has room, and for so long none of them moved, ns; deferrals count
 * @param starvationNs no job of a tenant that waits moved for so long, ns, while later ones of others passed it
 * @param overtakes how many later jobs of tenants of the same or lower priority must have passed it meanwhile
 * @param windowNs over how much of the past storms are counted, ns
 * @param slowNs a decision that takes longer is slow, ns; only where decisions are timed
 * @param slowDecisions so many slow ones of the timed decisions in a window, and a tenth of them, are too many
 * @param helperErrors so many errors of the plane's helpers in a window, and {@code helperErrorShare} of the calls, are too many
 * @param helperErrorShare thousandths
 * @param mapFailures so many refused updates of the policy's maps in a window are too many
 * @param rejections so many rejections in a window while the device had room, and {@code rejectionShare} of the jobs decided, are
 *     too many
 * @param rejectionShare thousandths
 * @param deviceErrors so many failed jobs in a window, and {@code deviceErrorShare} of those that ended, are a faulty device
 * @param deviceErrorShare thousandths
 * @param pauseNs a gap between two ticks that is longer, or a clock that goes back, is a pause or a step of the clock, and no time
 *     that counts, ns
 * @param quarantineTrips so many trips that blame a policy within {@code quarantineNs} put it into quarantine
 * @param quarantineNs ns
 */
public record FailsafeConfig(
        long stallNs,
        long holdNs,
        long starvationNs,
        long overtakes,
        long windowNs,
        long slowNs,
        long slowDecisions,
        long helperErrors,
        int helperErrorShare,
        long mapFailures,
        long rejections,
        int rejectionShare,
        long deviceErrors,
        int deviceErrorShare,
        long pauseNs,
        int quarantineTrips,
        long quarantineNs) {
    private static final long MS = 1_000_000L;
    private static final long S = 1_000 * MS;

    /** The limits that hold unless somebody sets others. */
    public static final FailsafeConfig DEFAULTS = new FailsafeConfig(
            500 * MS, 5 * S, 10 * S, 1_000, S, MS, 32, 1_000, 500, 10_000, 1_000, 990, 100, 500, 100 * MS, 2, 30 * S);

    private static final String OWNER = "failsafe";

    public FailsafeConfig {
        Checks.timeNs(OWNER, "stallNs", stallNs, 1);
        Checks.timeNs(OWNER, "holdNs", holdNs, 1);
        Checks.timeNs(OWNER, "starvationNs", starvationNs, 1);
        Checks.inRange(OWNER, "overtakes", overtakes, 1, Long.MAX_VALUE);
        Checks.timeNs(OWNER, "windowNs", windowNs, 1_000);
        Checks.timeNs(OWNER, "slowNs", slowNs, 1);
        Checks.inRange(OWNER, "slowDecisions", slowDecisions, 1, Long.MAX_VALUE);
        Checks.inRange(OWNER, "helperErrors", helperErrors, 1, Long.MAX_VALUE);
        Checks.inRange(OWNER, "helperErrorShare", helperErrorShare, 1, 1_000);
        Checks.inRange(OWNER, "mapFailures", mapFailures, 1, Long.MAX_VALUE);
        Checks.inRange(OWNER, "rejections", rejections, 1, Long.MAX_VALUE);
        Checks.inRange(OWNER, "rejectionShare", rejectionShare, 1, 1_000);
        Checks.inRange(OWNER, "deviceErrors", deviceErrors, 1, Long.MAX_VALUE);
        Checks.inRange(OWNER, "deviceErrorShare", deviceErrorShare, 1, 1_000);
        Checks.timeNs(OWNER, "pauseNs", pauseNs, 1);
        Checks.inRange(OWNER, "quarantineTrips", quarantineTrips, 1, 1_000);
        Checks.timeNs(OWNER, "quarantineNs", quarantineNs, 1);
    }

    /** The same with another limit for stalls. */
    public FailsafeConfig withStallNs(long newStallNs) {
        return new FailsafeConfig(
                newStallNs,
                holdNs,
                starvationNs,
                overtakes,
                windowNs,
                slowNs,
                slowDecisions,
                helperErrors,
                helperErrorShare,
                mapFailures,
                rejections,
                rejectionShare,
                deviceErrors,
                deviceErrorShare,
                pauseNs,
                quarantineTrips,
                quarantineNs);
    }

    /**
     * The same for a plane that ticks every so often: a pause is at least four times as long, for ticks may be late.
     *
     * @param tickNs period, ns
     */
    public FailsafeConfig forTick(long tickNs) {
        return new FailsafeConfig(
                stallNs,
                holdNs,
                starvationNs,
                overtakes,
                windowNs,
                slowNs,
                slowDecisions,
                helperErrors,
                helperErrorShare,
                mapFailures,
                rejections,
                rejectionShare,
                deviceErrors,
                deviceErrorShare,
                Math.max(pauseNs, Math.min(Checks.MAX_TIME_NS, 4 * tickNs)),
                quarantineTrips,
                quarantineNs);
    }
}
