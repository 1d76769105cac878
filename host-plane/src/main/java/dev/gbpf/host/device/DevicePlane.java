package dev.gbpf.host.device;

import dev.gbpf.host.queue.Job;

/**
 * A device as the plane sees it: vSlices with room for jobs. The device runs jobs of one stream in the order in which they
 * were started, reports each end exactly once to the listener it was made with, and never calls the plane from within
 * {@link #start}.
 */
public interface DevicePlane {
    /** How many vSlices there are, 1 to {@link dev.gbpf.abi.Constants#MAX_VSLICES}. */
    int vslices();

    /** SMs of a vSlice. */
    int sms(int vslice);

    /** How many more jobs a vSlice takes now, within its in-flight limit; never negative. */
    int room(int vslice);

    /** Device memory in all, bytes. */
    long memoryBytes();

    /**
     * Hands a job over. Without the memory that it needs nothing happens, and the plane asks again after the next end of a
     * job. The in-flight limit is the plane's to keep: a job that a policy sent directly may exceed it.
     */
    StartResult start(Job job, int vslice);

    /** What became of {@link #start}. */
    enum StartResult {
        STARTED,
        NO_MEMORY
    }

    /** Told about the end of each job. */
    @FunctionalInterface
    interface CompletionListener {
        /**
         * A job is over.
         *
         * @param job the job
         * @param runNs device time that it used, ns: its share of a batch or of contended SMs
         * @param failed whether the device reported an error
         */
        void finished(Job job, long runNs, boolean failed);
    }
}
