package dev.gbpf.host.workload;

/** Told about requests as a whole, which are many jobs to the plane. */
@FunctionalInterface
public interface RequestObserver {
    /** A request is over. */
    void ended(RequestRecord request);
}
