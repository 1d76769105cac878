package dev.gbpf.host.plane;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.vm.ExecutableProgram;

/** Runs programs of the sides. One that fails is reported, and the hook's default verdict holds. */
final class HookRunner {
    private final PlaneStatistics statistics;
    private final Faults faults;

    /** Takes out an image that failed. */
    @FunctionalInterface
    interface Faults {
        void failed(Side side, Hook hook, RuntimeException failure);
    }

    HookRunner(PlaneStatistics statistics, Faults faults) {
        this.statistics = statistics;
        this.faults = faults;
    }

    /**
     * Runs a program of a side that decides.
     *
     * @param context its context, filled
     * @return its verdict
     */
    long run(Side side, Hook hook, ExecutableProgram program, long context) {
        statistics.countDecision(hook);
        side.decisions++;
        long beganNs = side.timed ? System.nanoTime() : 0;
        try {
            return program.run(context, side.helpers);
        } catch (RuntimeException e) {
            side.helpers.beginPlacement();
            faults.failed(side, hook, e);
            return hook.verdict().defaultVerdict();
        } finally {
            if (side.meter != null) {
                side.meter.decided(side.timed ? System.nanoTime() - beganNs : 0);
            }
        }
    }
}
