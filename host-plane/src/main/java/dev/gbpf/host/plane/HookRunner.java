package dev.gbpf.host.plane;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.observe.Observation;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.vm.ExecutableProgram;
import org.jspecify.annotations.Nullable;

/** Runs programs of the sides. One that fails is reported, and the hook's default verdict holds. */
final class HookRunner {
    private final PlaneStatistics statistics;
    private final Observation observation;
    private final Faults faults;

    /** Takes out an image that failed. */
    @FunctionalInterface
    interface Faults {
        void failed(Side side, Hook hook, RuntimeException failure);
    }

    HookRunner(PlaneStatistics statistics, Observation observation, Faults faults) {
        this.statistics = statistics;
        this.observation = observation;
        this.faults = faults;
    }

    /**
     * Runs a program of a side that decides.
     *
     * @param context its context, filled
     * @param job the job that it is about, or null
     * @return its verdict
     */
    long run(Side side, Hook hook, ExecutableProgram program, long context, @Nullable Job job, long nowNs) {
        statistics.countDecision(hook);
        side.decisions++;
        long beganNs = side.timed ? System.nanoTime() : 0;
        long observed = observation.begin(hook);
        long verdict = hook.verdict().defaultVerdict();
        RuntimeException failure = null;
        try {
            verdict = program.run(context, side.helpers);
        } catch (RuntimeException e) {
            failure = e;
        }
        observation.decided(observed, hook, side.number, job, verdict, nowNs);
        if (side.meter != null) {
            side.meter.decided(side.timed ? System.nanoTime() - beganNs : 0);
        }
        if (failure != null) {
            side.helpers.beginPlacement();
            faults.failed(side, hook, failure);
        }
        return verdict;
    }
}
