package dev.gbpf.host.plane;

import dev.gbpf.abi.Constants;
import dev.gbpf.host.device.DevicePlane;
import dev.gbpf.host.failsafe.Failsafe;
import dev.gbpf.host.failsafe.StallGuard;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.observe.Observation;
import dev.gbpf.host.queue.Collective;
import dev.gbpf.host.queue.DispatchQueue;
import dev.gbpf.host.queue.DispatchQueue.Order;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.MemoryGate;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What the parts of a plane share. Confined to the plane's thread. */
final class PlaneState {
    final PlaneConfig config;
    final DevicePlane device;
    final LongSupplier clock;
    final PlaneListener listener;
    final PlaneStatistics statistics = new PlaneStatistics();
    final HookContexts contexts;
    final JobCounts counts;
    final MemoryGate memoryGate = new MemoryGate();
    final PolicyLog log = new PolicyLog();
    final PolicyTrace trace = new PolicyTrace();
    final Failsafe failsafe;
    final Observation observation;
    final TraceControl traceControl;

    /** Collective operations of which ranks have entered and not all are over, in the order in which they came. */
    final List<Collective> collectives = new ArrayList<>();

    /** The image that decides about all jobs, or about those that are not the canary's. */
    Side control;

    /** A second image and the jobs that are its own, or null. */
    @Nullable
    CanaryTrial canary;

    /** An image that is asked about every decision and has no effect, or null. */
    @Nullable
    ShadowTrial shadow;

    private final HelperScope scope;
    private final AtomicLong sides = new AtomicLong();
    private long changes;

    PlaneState(PlaneConfig config, DevicePlane device, LongSupplier clock, PlaneListener listener, Arena arena) {
        this.config = config;
        this.device = device;
        this.clock = clock;
        this.listener = listener;
        this.contexts = new HookContexts(arena, config.roster(), device.vslices());
        this.counts = new JobCounts(config.roster().capacity());
        this.failsafe = new Failsafe(config.failsafe(), config.roster(), clock.getAsLong());
        this.observation = new Observation(arena, config.failsafe().slowNs());
        this.traceControl = new TraceControl(observation);
        this.scope = new HelperScope(
                device,
                clock,
                statistics,
                counts,
                config.roster(),
                new SplittableRandom(config.seed()),
                log,
                trace,
                listener::queued);
        this.control = side(null, emptyQueues(), clock.getAsLong());
        control.helpers.levers().hold(true);
    }

    /** A side that nobody asks yet. */
    Side side(@Nullable PolicyImage image, DispatchQueues queues, long nowNs) {
        Side side = prepared(image, queues);
        side.begin(nowNs);
        return side;
    }

    /** A side that has not begun, made on any thread: what a swap would have to do on the plane's otherwise. */
    Side prepared(PolicyImage image) {
        return prepared(image, emptyQueues());
    }

    private Side prepared(@Nullable PolicyImage image, DispatchQueues queues) {
        return new Side(
                sides.getAndIncrement(),
                image,
                queues,
                scope,
                new StallGuard(config.failsafe().stallNs()));
    }

    /** Queues without jobs: a global one. */
    DispatchQueues emptyQueues() {
        return queues(new DispatchQueue((int) Constants.DSQ_GLOBAL, Order.FIFO, memoryGate));
    }

    /** No queues but this global one. */
    DispatchQueues queues(DispatchQueue global) {
        return new DispatchQueues(global, memoryGate);
    }

    /** The side that decides about a job. */
    Side owner(Job job) {
        CanaryTrial trial = canary;
        return trial != null && job.decider() == trial.side().number ? trial.side() : control;
    }

    /** Grows with each change of the sides: what was chosen before it no longer holds. */
    long changes() {
        return changes;
    }

    /** From here on this side decides about all jobs that are not a canary's. */
    void control(Side next) {
        control = next;
        changes++;
        next.helpers.levers().hold(next.image == null);
        next.shared.publish();
        traceControl.apply(next.obsCtrl);
    }

    void canary(@Nullable CanaryTrial trial) {
        canary = trial;
        changes++;
    }
}
