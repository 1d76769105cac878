package dev.gbpf.host.workload;

/**
 * A source of jobs. All calls come from one thread, in order of virtual time; given the same parameters and the same ends of
 * its jobs it submits the same jobs.
 */
public interface Workload {
    /** Begins: schedules its first arrivals; jobs may be submitted at once. */
    void start(WorkloadContext context);

    /** Device memory that is taken before the first job and kept to the end, such as the weights of a model, bytes. */
    default long residentBytes() {
        return 0;
    }
}
