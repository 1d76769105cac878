package dev.gbpf.host.sim;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** One direction's copy engine: one copy at a time, in order of arrival. */
final class CopyEngine {
    private final CopyEngineSpec spec;
    private final ArrayDeque<StartedJob> waiting = new ArrayDeque<>();
    private @Nullable DeviceExecution running;
    private long endNs = Long.MAX_VALUE;

    CopyEngine(CopyEngineSpec spec) {
        this.spec = spec;
    }

    /** When the copy that runs ends, ns; {@link Long#MAX_VALUE} when none does. */
    long nextEndNs() {
        return endNs;
    }

    void add(StartedJob copy) {
        waiting.add(copy);
    }

    /** The next copy when it can run now, taken from the queue; null when none waits or the engine is held. */
    @Nullable
    StartedJob takeNext() {
        return running == null ? waiting.poll() : null;
    }

    void run(DeviceExecution copy) {
        running = copy;
        endNs = copy.startNs() + spec.durationNs(copy.job(0).spec().bytes());
    }

    /** Takes out the copy when it ends now, ends it, and returns it; else null. */
    @Nullable
    DeviceExecution removeEnded(long nowNs) {
        DeviceExecution copy = running;
        if (copy == null || nowNs < endNs) {
            return null;
        }
        running = null;
        endNs = Long.MAX_VALUE;
        copy.end(nowNs - copy.startNs());
        return copy;
    }
}
