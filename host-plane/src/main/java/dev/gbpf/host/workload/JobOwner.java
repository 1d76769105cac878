package dev.gbpf.host.workload;

import dev.gbpf.host.queue.Job;

/** Told when jobs of its streams are over, so that it can submit what comes next. */
@FunctionalInterface
public interface JobOwner {
    /**
     * A job is over. The owner may submit jobs from here.
     *
     * @param job which
     * @param end how it ended
     * @param nowNs virtual time, ns
     */
    void ended(Job job, JobEnd end, long nowNs);
}
