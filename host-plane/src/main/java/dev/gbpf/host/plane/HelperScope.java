package dev.gbpf.host.plane;

import dev.gbpf.host.device.DevicePlane;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.Roster;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/**
 * What the helpers of an image reach besides its queues.
 *
 * @param roster the tenants
 * @param log takes what the image logs
 * @param trace takes the lines that it prints
 * @param moves told about jobs that it moves from queue to queue
 */
record HelperScope(
        DevicePlane device,
        LongSupplier clock,
        PlaneStatistics statistics,
        JobCounts counts,
        Roster roster,
        SplittableRandom random,
        PolicyLog log,
        PolicyTrace trace,
        Moves moves) {
    /** Told about a job that now waits in another queue. */
    @FunctionalInterface
    interface Moves {
        void moved(Job job, int dsq, long nowNs);
    }
}
