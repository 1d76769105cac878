package dev.gbpf.host.live;

import dev.gbpf.host.check.Checks;
import java.util.function.LongSupplier;

/** Device time as a multiple of the time that a monotonic clock shows. Time that was missed is left out, not caught up. */
final class Pace {
    /** The slowest and the fastest, as a multiple of real time. */
    static final double LEAST = 1e-3;

    static final double MOST = 1e3;

    private final LongSupplier clock;
    private final double speed;
    private long originNs;
    private long skippedNs;

    /**
     * A pace, whose device time is 0 when it is made and again at {@link #begin}.
     *
     * @param speed device time that passes in a unit of real time, {@link #LEAST} to {@link #MOST}
     * @param clock monotonic, ns
     */
    Pace(double speed, LongSupplier clock) {
        Checks.inRange("pace", "speed", speed, LEAST, MOST);
        this.speed = speed;
        this.clock = clock;
        this.originNs = clock.getAsLong();
    }

    /** Device time begins now. */
    void begin() {
        originNs = clock.getAsLong();
        skippedNs = 0;
    }

    /** Device time, ns from 0. */
    long nowNs() {
        return (long) ((clock.getAsLong() - originNs) * speed) - skippedNs;
    }

    /** Real time until a device time, ns; 0 when it has come. */
    long untilNs(long deviceNs) {
        long missing = deviceNs - nowNs();
        return missing <= 0 ? 0 : (long) Math.ceil(missing / speed);
    }

    /** Device time goes on from {@code deviceNs}, which is in the past. */
    void resumeAt(long deviceNs) {
        skippedNs += nowNs() - deviceNs;
    }

    /** Device time that was left out, ns. */
    long skippedNs() {
        return skippedNs;
    }
}
