package dev.gbpf.host.workload;

import dev.gbpf.host.queue.CollectiveRank;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.queue.JobStream;
import dev.gbpf.host.queue.Tenant;
import org.jspecify.annotations.Nullable;

/** What a workload can do in the simulation that runs it. */
public interface WorkloadContext {
    /** Virtual time, ns. */
    long nowNs();

    /** Device memory that jobs can have together: all but what is resident, bytes. */
    long memoryBytes();

    /** Device memory for itself, apart from what its jobs take. */
    WorkloadMemory memory();

    /** A new stream, whose jobs' ends its owner hears of. */
    JobStream openStream(Tenant tenant, JobOwner owner);

    /** Submits a job now. Its owner hears of its end, or of its rejection, after this call and not within it. */
    default Job submit(JobStream stream, JobSpec spec) {
        return submit(stream, spec, null);
    }

    /** Likewise, of a job that may do a rank's part of a collective operation. */
    Job submit(JobStream stream, JobSpec spec, @Nullable CollectiveRank collective);

    /**
     * Asks to be called later.
     *
     * @param timeNs not before now, ns
     * @param timer what is called
     * @param payload handed to it
     */
    void schedule(long timeNs, WorkloadTimer timer, long payload);

    /**
     * Gives back device memory that a job took and that no job will give back, since the one that should was rejected.
     *
     * @param bytes at least 0
     */
    void releaseMemory(long bytes);
}
