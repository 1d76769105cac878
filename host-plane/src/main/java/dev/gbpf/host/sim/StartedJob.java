package dev.gbpf.host.sim;

import dev.gbpf.host.queue.Job;
import org.jspecify.annotations.Nullable;

/** A job that the plane started and that does not run yet. */
final class StartedJob {
    final Job job;
    final int vslice;
    final DeviceStream stream;
    /** When its launch has passed, ns. */
    final long readyNs;
    /** Whether it has. */
    boolean launched;
    /** Whether the jobs before it in its stream are over. */
    boolean first;
    /** Whether it gives up its place at the first boundary of its kernel. */
    boolean stopsSoon;
    /** The next of its stream. */
    @Nullable
    StartedJob next;

    StartedJob(Job job, int vslice, DeviceStream stream, long readyNs) {
        this.job = job;
        this.vslice = vslice;
        this.stream = stream;
        this.readyNs = readyNs;
    }
}
