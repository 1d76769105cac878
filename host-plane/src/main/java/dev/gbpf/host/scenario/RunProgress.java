package dev.gbpf.host.scenario;

/** Told now and then how far the runs of a scenario are, from the threads that run them. It has no influence on results. */
@FunctionalInterface
public interface RunProgress {
    /** Tells nobody. */
    RunProgress NONE = (run, runs, nowNs, durationNs, jobsDone) -> {};

    /**
     * So far.
     *
     * @param run which run, from 0
     * @param runs how many runs the scenario has
     * @param nowNs its virtual time, ns
     * @param durationNs where it ends, ns
     * @param jobsDone jobs that are over in it
     */
    void at(int run, int runs, long nowNs, long durationNs, long jobsDone);
}
