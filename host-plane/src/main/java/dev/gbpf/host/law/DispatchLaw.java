package dev.gbpf.host.law;

import dev.gbpf.host.queue.Job;
import java.util.Set;

/** Sees each decision of a simulated run; throws {@link AssertionError} when one breaks the law. */
@FunctionalInterface
public interface DispatchLaw {
    /** Holds always. */
    DispatchLaw NONE = (went, waiting, nowNs) -> {};

    /**
     * A job goes to the device.
     *
     * @param went which
     * @param waiting all jobs that waited, the one that went among them, in order of arrival
     */
    void onDispatch(Job went, Set<Job> waiting, long nowNs);
}
