package dev.gbpf.host.plane;

/**
 * Notices a policy that hands out nothing although jobs wait and the device could take them. Time during which the device
 * had no room, or in which a deferral runs that has an end, is not held against the policy.
 */
final class StallGuard {
    private final long limitNs;
    private long lastProgressNs;

    StallGuard(long limitNs) {
        this.limitNs = limitNs;
    }

    /** A job moved, or there was none that could. */
    void progress(long nowNs) {
        lastProgressNs = nowNs;
    }

    /**
     * Asked at each tick.
     *
     * @param couldWork whether jobs wait that the device could take
     * @param nextHoldEndNs when the next deferral ends, {@link Long#MAX_VALUE} when none runs
     */
    boolean stalled(long nowNs, boolean couldWork, long nextHoldEndNs) {
        if (!couldWork || nextHoldEndNs != Long.MAX_VALUE) {
            lastProgressNs = nowNs;
            return false;
        }
        return nowNs - lastProgressNs > limitNs;
    }
}
