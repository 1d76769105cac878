package dev.gbpf.policies;

import dev.gbpf.host.plane.SteppedPlane.Answer;
import java.util.Map;

/** What a device makes of an answer to {@code sm_tick}. */
final class DeviceShares {
    private static final long MOST = 1_000_000;

    private DeviceShares() {}

    /** The share that the tenant has until the next tick. */
    static long of(Answer answer, Map<String, Long> tick) {
        long share = answer.context().getOrDefault("share", 0L);
        if (share == 0) {
            return tick.getOrDefault("weight", 1L);
        }
        return Long.compareUnsigned(share, MOST) > 0 ? MOST : share;
    }
}
