package dev.gbpf.host.workload;

/** Called at a time that a workload asked for. */
@FunctionalInterface
public interface WorkloadTimer {
    /**
     * The time has come.
     *
     * @param nowNs virtual time, ns
     * @param payload what was given with the request
     */
    void fire(long nowNs, long payload);
}
