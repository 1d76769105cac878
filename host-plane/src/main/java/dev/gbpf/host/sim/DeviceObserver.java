package dev.gbpf.host.sim;

/** Told about everything that the simulated device runs, in order of time. It must not call the device or the plane. */
public interface DeviceObserver {
    /** Begins to run, now; a job that waits on the device for its stream or for a batch has not begun. */
    default void started(Execution execution, long nowNs) {}

    /** Is over; {@link Execution#runNs} is known. The plane hears of its jobs after this call. */
    default void ended(Execution execution, long nowNs) {}

    /** Device memory in use changed: a job took or gave back some. */
    default void memory(long usedBytes, long nowNs) {}

    /** What is taken of a pool of device memory changed. */
    default void pool(int pool, long usedBytes, long nowNs) {}
}
