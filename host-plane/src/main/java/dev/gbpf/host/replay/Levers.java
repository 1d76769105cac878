package dev.gbpf.host.replay;

import dev.gbpf.host.interpose.VirtualProcess;
import dev.gbpf.host.sim.ContextSpec;
import dev.gbpf.host.sim.TimeSlicedDevice;

/** Carries out for a process what its orders say about its context, as the library's own thread does it: {@code steward.c} and {@code stops.c}. */
final class Levers {
    private static final long NEVER = Long.MAX_VALUE;

    /** How long streams go on when they have stopped for as long as a call may be held, ns. */
    private static final long BREATH_NS = 1_000_000;

    private final VirtualProcess process;
    private final TimeSlicedDevice device;
    private final int context;
    private final ContextSpec spec;

    private long timesliceNs;
    private long timesliceDueNs = NEVER;
    private boolean stopped;
    private long stopDueNs = NEVER;
    /** When the streams breathe next, or when a breath ends. */
    private long breathDueNs = NEVER;

    private boolean breathes;

    /** What holds now has held for long. */
    Levers(VirtualProcess process, TimeSlicedDevice device, int context, ContextSpec spec) {
        this.process = process;
        this.device = device;
        this.context = context;
        this.spec = spec;
    }

    /** Everything that the orders say holds at once. */
    void begin() {
        timesliceNs = process.timesliceNs();
        device.timeslice(context, timesliceNs);
        stopped = process.isStopped();
        apply(0);
    }

    /** When something is due by itself, ns. */
    long dueNs() {
        return Math.min(Math.min(timesliceDueNs, stopDueNs), breathDueNs);
    }

    /** Looks at the orders, and does what is due. */
    void follow(long nowNs) {
        if (process.timesliceNs() != timesliceNs) {
            timesliceNs = process.timesliceNs();
            timesliceDueNs = nowNs + spec.controlNs();
        }
        if (timesliceDueNs <= nowNs) {
            timesliceDueNs = NEVER;
            device.timeslice(context, timesliceNs);
        }
        if (process.isStopped() != stopped) {
            stopped = process.isStopped();
            stopDueNs = nowNs + spec.stopNs();
        }
        if (stopDueNs <= nowNs) {
            stopDueNs = NEVER;
            apply(nowNs);
        }
        if (breathDueNs <= nowNs) {
            breathes = !breathes;
            breathDueNs = nowNs + (breathes ? BREATH_NS : process.holdLimitNs());
            device.stop(context, !breathes);
        }
    }

    private void apply(long nowNs) {
        breathes = false;
        breathDueNs = stopped ? nowNs + process.holdLimitNs() : NEVER;
        device.stop(context, stopped);
    }
}
