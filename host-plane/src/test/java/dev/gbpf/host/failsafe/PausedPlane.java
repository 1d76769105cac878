package dev.gbpf.host.failsafe;

import dev.gbpf.host.plane.JobScheduler;
import dev.gbpf.host.plane.PolicyPlane;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.sim.VirtualClock;
import java.util.ArrayList;
import java.util.List;

/** A plane that does nothing for a while, as if its JVM stood still; then it hears of everything at once. */
final class PausedPlane implements JobScheduler {
    private final PolicyPlane plane;
    private final VirtualClock clock;
    private final long fromNs;
    private final long toNs;
    private final List<Runnable> missed = new ArrayList<>();

    PausedPlane(PolicyPlane plane, VirtualClock clock, long fromNs, long toNs) {
        this.plane = plane;
        this.clock = clock;
        this.fromNs = fromNs;
        this.toNs = toNs;
    }

    private boolean paused() {
        return clock.nowNs() >= fromNs && clock.nowNs() < toNs;
    }

    private void happens(Runnable event) {
        if (paused()) {
            missed.add(event);
            return;
        }
        List<Runnable> late = List.copyOf(missed);
        missed.clear();
        late.forEach(Runnable::run);
        event.run();
    }

    @Override
    public void submit(Job job) {
        happens(() -> plane.submit(job));
    }

    @Override
    public void finished(Job job, long runNs, boolean failed) {
        happens(() -> plane.finished(job, runNs, failed));
    }

    @Override
    public void dispatch() {
        if (!paused()) {
            happens(plane::dispatch);
        }
    }

    @Override
    public void tick() {
        if (!paused()) {
            // The tick comes first: whoever judges by the clock alone sees a plane in which nothing has moved.
            plane.tick();
        }
    }

    @Override
    public long wakeUpNs() {
        return paused() ? toNs : plane.wakeUpNs();
    }

    @Override
    public int queued() {
        return plane.queued();
    }
}
