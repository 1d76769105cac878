package dev.gbpf.host.workload;

import dev.gbpf.host.queue.Job;

/** Told when jobs of its streams are over, so that it can submit what comes next. */
@FunctionalInterface
public interface JobOwner {
    /**
     * A job is over. The owner may submit jobs from here.
     *
     * @param job whose state says whether it was retired or rejected
     * @param failed whether the device reported an error
     * @param nowNs virtual time, ns
     */
    void ended(Job job, boolean failed, long nowNs);
}
