package dev.gbpf.host.sim;

import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;

/** One thing that the simulated device does: a kernel, a batch of jobs, or a copy. Observers read it and do not keep it. */
public interface Execution {
    /** From 1, in order of the starts. */
    long id();

    /** A batch is a kernel. */
    JobKind kind();

    /** The vSlice whose SMs it uses; for a copy, that whose in-flight slot it holds. */
    int vslice();

    /** The batch class, 0 when it is no batch. */
    int batchClass();

    /** How many jobs it runs: 1, or the size of the batch. */
    int size();

    /**
     * One of its jobs.
     *
     * @param index 0 to {@link #size()} - 1
     */
    Job job(int index);

    /** SMs that it can use at once; 0 for a copy. Times its run time it is its SM time. */
    int width();

    /** When it began to run, ns. */
    long startNs();

    /**
     * Device time that one of its jobs used, ns; known at the end. Their sum is the time that the execution ran, each moment
     * scaled by the part of {@link #width()} that it had then.
     */
    long runNs(int index);
}
