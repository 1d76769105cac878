package dev.gbpf.host.plane;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.allocation.Allocation;
import dev.gbpf.host.device.DevicePlane;
import dev.gbpf.host.device.ThermalReading;
import dev.gbpf.host.failsafe.Failsafe;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.observe.MetricsSnapshot;
import dev.gbpf.host.observe.Observation;
import dev.gbpf.host.queue.CollectiveRank;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobState;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.swap.ActivationLog;
import dev.gbpf.host.swap.ActivationReason;
import dev.gbpf.host.swap.ActivationRecord;
import dev.gbpf.host.swap.RecentActivations;
import dev.gbpf.host.swap.SwapCommand;
import dev.gbpf.host.swap.SwapMonitor;
import dev.gbpf.host.swap.SwapOutcome;
import dev.gbpf.host.vm.ProgramTier;
import dev.gbpf.verifier.Certificate;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The hooks engine. It asks the image that decides about each job, keeps dispatch queues and streams in order, hands jobs to
 * the device, and changes images between two decisions. Without an image it is in bypass: first in, first out, and nothing is
 * refused.
 *
 * <p>All methods belong to one thread, the plane's; {@link #request}, {@link #prepare} and {@link #monitor} alone may be called from any.
 */
public final class PolicyPlane implements JobScheduler, AutoCloseable {
    /*
     * A job's way: submit -> on_submit (Placement) -> a dispatch queue -> on_dispatch names the queue -> on_admit (Dispatching)
     * -> device -> on_retire. Who is asked is a Side: the one that decides, or a canary's for its jobs. Activations and Trials
     * change sides, when SwapControl is told to.
     */

    /** Reason of a rejection by the plane itself: the job needs more memory than the device has. */
    public static final long REASON_TOO_LARGE = -12;

    private final Arena arena = Arena.ofShared();
    private final PlaneState state;
    private final HookRunner hooks;
    private final Placement placement;
    private final Dispatching dispatching;
    private final Copies copies;
    private final Collectives collectives;
    private final Gangs gangs;
    private final Preemption preemption;
    private final Thermal thermal;
    private final MemoryControl memory;
    private final SwapControl swaps;
    private final PolicyGuard guard;
    private long ticks;

    /** A plane in bypass that remembers its last activations. */
    public PolicyPlane(PlaneConfig config, DevicePlane device, LongSupplier clock, PlaneListener listener) {
        this(config, device, clock, listener, new RecentActivations());
    }

    /**
     * A plane in bypass.
     *
     * @param config tenants and limits
     * @param device where jobs run
     * @param clock the plane's clock, ns; virtual or monotonic
     * @param listener told about each job
     * @param log told about each change of policy
     */
    public PolicyPlane(
            PlaneConfig config, DevicePlane device, LongSupplier clock, PlaneListener listener, ActivationLog log) {
        this.state = new PlaneState(config, device, clock, listener, arena);
        this.hooks = new HookRunner(
                state.statistics, state.observation, (side, hook, failure) -> swaps().failed(side, hook, failure));
        this.collectives = new Collectives(state, hooks, arena);
        this.placement =
                new Placement(state, hooks, (job, nowNs) -> dispatching().startDirectly(job, nowNs), collectives);
        this.copies = new Copies(state, hooks, arena);
        this.dispatching = new Dispatching(state, hooks, placement, copies, collectives);
        this.gangs = new Gangs(state, collectives, placement, dispatching);
        this.preemption = new Preemption(state, hooks, placement, arena);
        this.thermal = new Thermal(state, hooks, arena);
        this.memory = new MemoryControl(state, hooks, arena);
        this.swaps = new SwapControl(state, placement, log, arena);
        this.guard = new PolicyGuard(state, swaps, memory);
    }

    private SwapControl swaps() {
        return swaps;
    }

    private Dispatching dispatching() {
        return dispatching;
    }

    // ---- events

    @Override
    public void submit(Job job) {
        swaps.applyRequests();
        long now = state.clock.getAsLong();
        if (job.state() != JobState.NEW) {
            state.statistics.countDuplicateSubmission();
            return;
        }
        eventHappened();
        job.arrival(state.counts.arrived());
        job.state(JobState.QUEUED);
        job.stream().append(job);
        state.failsafe.submitted(job);
        CanaryTrial trial = state.canary;
        CollectiveRank part = job.collective();
        Side ofOthers = part == null ? null : collectives.entered(job, part, now);
        Side side = ofOthers != null ? ofOthers : trial != null && trial.selects(job) ? trial.side() : state.control;
        if (trial != null && side.queued == 0) {
            trial.backlogged(side);
        }
        side.arrived(job, now);
        state.listener.submitted(job, now);
        if (job.spec().bytes() > state.device.memoryBytes()) {
            placement.reject(job, REASON_TOO_LARGE, now);
        } else {
            placement.place(job, now);
        }
    }

    @Override
    public void finished(Job job, long runNs, boolean failed) {
        swaps.applyRequests();
        if (job.state() != JobState.RUNNING) {
            state.statistics.countDuplicateEnd();
            return;
        }
        long now = state.clock.getAsLong();
        eventHappened();
        job.state(JobState.RETIRED);
        state.counts.ended(job);
        copies.ended(job);
        state.failsafe.retired(failed);
        Side side = state.owner(job);
        long usedNs = job.usedNs() + runNs;
        side.stallGuard.progress(now);
        memory.memoryCameBack();
        if (state.canary != null) {
            state.canary.ended(job, side, runNs);
        }
        if (side.onRetire != null) {
            hooks.run(
                    side, Hook.ON_RETIRE, side.onRetire, state.contexts.fillRetire(job, now, usedNs, failed), job, now);
        }
        if (state.shadow != null) {
            state.shadow.retired(job, now, usedNs, failed);
        }
        CollectiveRank part = job.collective();
        if (part != null) {
            collectives.ended(job, part, failed, now);
        }
        state.listener.retired(job, usedNs, failed, now);
    }

    @Override
    public void yielded(Job job, long runNs) {
        swaps.applyRequests();
        if (job.state() != JobState.RUNNING) {
            state.statistics.countDuplicateEnd();
            return;
        }
        eventHappened();
        preemption.yielded(job, runNs, state.clock.getAsLong());
    }

    @Override
    public void budgetUsed(Job job) {
        swaps.applyRequests();
        preemption.budgetUsed(job, state.clock.getAsLong());
    }

    @Override
    public void deadlocked(List<Job> waiting) {
        state.statistics.countDeadlock();
        state.listener.deadlocked(waiting, state.clock.getAsLong());
    }

    @Override
    public void thermal(ThermalReading reading) {
        swaps.applyRequests();
        eventHappened();
        thermal.moved(reading, state.clock.getAsLong());
    }

    @Override
    public void moved(Allocation allocation) {
        swaps.applyRequests();
        eventHappened();
        memory.moved(allocation);
    }

    @Override
    public MemoryScheduler memory() {
        return memory;
    }

    @Override
    public void tick() {
        swaps.applyRequests();
        long now = state.clock.getAsLong();
        eventHappened();
        boolean memoryShort = !state.memoryGate.isOpen();
        boolean hasRoom = hasRoom() && !gangs.keepsRoom();
        guard.begin(now);
        state.memoryGate.open();
        tick(state.control, now);
        if (state.canary != null) {
            tick(state.canary.side(), now);
        }
        if (state.shadow != null) {
            state.shadow.tick(now, ticks);
        }
        state.traceControl.apply(state.control.obsCtrl);
        preemption.tick();
        memory.tick(now);
        ticks++;
        guard.judge(now, hasRoom, memoryShort);
        swaps.tick(now, hasRoom && !memoryShort);
    }

    private void tick(Side side, long now) {
        side.shared.rollUp();
        if (side.onTick != null) {
            hooks.run(
                    side,
                    Hook.ON_TICK,
                    side.onTick,
                    state.contexts.fillTick(now, ticks, side.queued, state.counts.running()),
                    null,
                    now);
        }
        side.shared.publish();
    }

    /** Queues that were held until something happens may be served again. */
    private void eventHappened() {
        state.control.holds.eventHappened();
        if (state.canary != null) {
            state.canary.side().holds.eventHappened();
        }
    }

    private boolean hasRoom() {
        for (int vslice = 0; vslice < state.device.vslices(); vslice++) {
            if (state.device.room(vslice) > 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void dispatch() {
        swaps.applyRequests();
        clearKicks();
        long now = state.clock.getAsLong();
        memory.serve(now);
        boolean free = gangs.serve(now);
        for (int vslice = 0; free && vslice < state.device.vslices() && state.counts.queued() > 0; vslice++) {
            int room = state.device.room(vslice);
            while (room > 0 && state.counts.queued() > 0) {
                swaps.applyRequests();
                if (!dispatching.fill(now, vslice, room)) {
                    break;
                }
                room = state.device.room(vslice);
            }
        }
        if (free && state.counts.queued() > 0 && !hasRoom()) {
            preemption.makeRoom(now);
        }
        thermal.follow(now);
    }

    private void clearKicks() {
        state.control.helpers.clearKick();
        if (state.canary != null) {
            state.canary.side().helpers.clearKick();
        }
    }

    @Override
    public long wakeUpNs() {
        if (state.counts.queued() == 0) {
            return Long.MAX_VALUE;
        }
        long now = state.clock.getAsLong();
        if (swaps.hasRequests()) {
            return now;
        }
        long wakeUp = wakeUpNs(state.control, now);
        return state.canary == null ? wakeUp : Math.min(wakeUp, wakeUpNs(state.canary.side(), now));
    }

    private static long wakeUpNs(Side side, long now) {
        return side.helpers.kicked() ? now : side.holds.nextEndNs(now);
    }

    // ---- what it shows

    @Override
    public int queued() {
        return state.counts.queued();
    }

    /** Jobs that the device holds. */
    public int running() {
        return state.counts.running();
    }

    public PlaneStatistics statistics() {
        return state.statistics;
    }

    public PolicyLog log() {
        return state.log;
    }

    public PolicyTrace trace() {
        return state.trace;
    }

    /** Who watches over the policies: limits, quarantine, exits. */
    public Failsafe failsafe() {
        return state.failsafe;
    }

    /**
     * Adds a tenant, or changes its terms, where the roster of the plane grows; jobs that wait keep what policies decided about
     * them. Whoever owns streams of the tenant tells them.
     */
    public void tenant(Tenant tenant) {
        state.config.roster().put(tenant);
        IoBudgets.configure(state.control.ioBudgets, List.of(tenant));
        if (state.canary != null) {
            IoBudgets.configure(state.canary.side().ioBudgets, List.of(tenant));
        }
    }

    /** What decisions there were; readers of other threads must be done before the plane is closed. */
    public Observation observation() {
        return state.observation;
    }

    /** What the plane counted, to be shown by others; only for the plane's thread. */
    public MetricsSnapshot metrics() {
        return PlaneMetrics.of(state, memory.accounts(), copies);
    }

    /** Name of the policy that decides, {@link ActivationRecord#BYPASS} when none does. */
    public String activePolicy() {
        return state.control.policy();
    }

    /** What each hook of the policy that decides costs at most, as the verifier proved it; empty when none decides. */
    public Map<Hook, Certificate> certificates() {
        PolicyImage active = state.control.image;
        return active == null ? Map.of() : active.certificates();
    }

    /** The image of the policy that decides, or null when none does. */
    public @Nullable PolicyImage image() {
        return state.control.image;
    }

    /** What runs each hook of the policy that decides; empty when none decides. */
    public Map<Hook, ProgramTier> tiers() {
        PolicyImage active = state.control.image;
        return active == null ? Map.of() : active.tiers();
    }

    // ---- policies

    /**
     * Asks for a change of policy from any thread; the plane carries it out before its next decision.
     *
     * @return completed on the plane's thread with what became of it
     */
    public CompletableFuture<SwapOutcome> request(SwapCommand command) {
        return swaps.request(command);
    }

    /**
     * Does what there is to do for a command before the plane is needed; from any thread. A command that was prepared is carried
     * out once.
     */
    public PreparedCommand prepare(SwapCommand command) {
        return swaps.prepare(command);
    }

    /** Carries out a command at once; only for the plane's thread. */
    public SwapOutcome apply(PreparedCommand command) {
        return swaps.apply(command);
    }

    /** Prepares a command and carries it out at once; only for the plane's thread. */
    public SwapOutcome apply(SwapCommand command) {
        return swaps.apply(swaps.prepare(command));
    }

    /** How the policies stand; may be read from any thread. */
    public SwapMonitor monitor() {
        return swaps.monitor();
    }

    /** Makes an image the one that decides, whatever becomes of maps; refused when its {@code init} says so. */
    public SwapOutcome activate(PolicyImage next, ActivationReason reason) {
        return swaps.activate(next, reason);
    }

    /** Takes the policy out: bypass decides at once, every waiting job joins the global queue in order of arrival. */
    public ActivationRecord bypass(String reason) {
        return swaps.bypass(reason);
    }

    /** Runs the active policy's {@code exit} and frees the plane's native memory. */
    @Override
    public void close() {
        swaps.close();
        arena.close();
    }
}
