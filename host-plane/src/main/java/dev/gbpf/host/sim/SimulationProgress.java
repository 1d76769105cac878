package dev.gbpf.host.sim;

/** Told now and then how far a simulation is; it has no influence on the result. */
@FunctionalInterface
public interface SimulationProgress {
    /**
     * So far.
     *
     * @param nowNs virtual time, ns
     * @param jobsDone jobs that are over, rejected ones among them
     */
    void at(long nowNs, long jobsDone);
}
