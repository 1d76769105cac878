package dev.gbpf.host.queue;

/** Where a job is. It only moves forward: new, queued, running, and one of the two ends. */
public enum JobState {
    NEW,
    QUEUED,
    RUNNING,
    RETIRED,
    REJECTED
}
