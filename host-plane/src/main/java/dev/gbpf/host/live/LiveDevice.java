package dev.gbpf.host.live;

import dev.gbpf.host.workload.WorkloadContext;
import java.util.concurrent.locks.LockSupport;

/**
 * A device with the plane that decides for it, in the hands of one thread. That thread asks when something is due, waits until
 * then or until somebody has a request, and takes the next step. A device that is real answers {@link #nextNs} with the time at
 * which it wants to be looked at again.
 *
 * <p>Times are the device's own, ns from 0.
 */
public interface LiveDevice {
    /** How jobs come in; between two steps only, and they are served by the next step. */
    WorkloadContext work();

    /** Begins at time 0. */
    void begin();

    /** When something is due, ns, perhaps long ago; {@link Long#MAX_VALUE} when nothing will be by itself. */
    long nextNs();

    /**
     * Does everything that is due at a time: ends of jobs, timers, ticks and dispatch.
     *
     * @param timeNs not before that of the last step, and not after {@link #nextNs}
     */
    void step(long timeNs);

    /**
     * Waits, as nothing is due; returns earlier when the thread is unparked, and may do so at any time.
     *
     * @param ns at most so long, real time
     */
    default void pause(long ns) {
        LockSupport.parkNanos(this, ns);
    }
}
