package dev.gbpf.host.failsafe;

/**
 * Notices a policy that hands out nothing although jobs wait and the device could take them. Time during which the device
 * had no room, or in which a deferral runs that has an end, is not held against the policy; nor are pauses of the plane.
 */
public final class StallGuard {
    private final long limitNs;
    private long lastProgressNs;

    public StallGuard(long limitNs) {
        this.limitNs = limitNs;
    }

    /** A job moved, or there was none that could. */
    public void progress(long nowNs) {
        lastProgressNs = nowNs;
    }

    /** A deferral went on until then: what passed before is not held against the policy. */
    public void deferredUntil(long endNs) {
        lastProgressNs = Math.max(lastProgressNs, endNs);
    }

    /**
     * Time passed that counts for nothing: the plane was paused, or its clock was set.
     *
     * @param lostNs how much, ns; negative when the clock went back
     */
    public void leaveOut(long lostNs, long nowNs) {
        lastProgressNs = Math.min(lostNs > 0 ? lastProgressNs + lostNs : lastProgressNs, nowNs);
    }

    /**
     * Asked at each tick.
     *
     * @param couldWork whether jobs wait that the device could take
     * @param nextHoldEndNs when the next deferral ends, {@link Long#MAX_VALUE} when none runs
     */
    public boolean stalled(long nowNs, boolean couldWork, long nextHoldEndNs) {
        if (!couldWork || nextHoldEndNs != Long.MAX_VALUE) {
            lastProgressNs = nowNs;
            return false;
        }
        return nowNs - lastProgressNs > limitNs;
    }
}
