package dev.gbpf.host.workload;

/** How a job ended. */
public enum JobEnd {
    /** It ran to its end. */
    RETIRED,
    /** It ran, and the device reported an error. */
    FAILED,
    /** The plane refused it; it never ran. */
    REJECTED
}
