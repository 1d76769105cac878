package dev.gbpf.host.plane;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.device.DevicePlane;
import dev.gbpf.host.queue.CollectiveRank;
import dev.gbpf.host.queue.DispatchQueue;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobState;
import dev.gbpf.host.queue.JobStream;
import dev.gbpf.host.vm.ExecutableProgram;
import org.jspecify.annotations.Nullable;

/** Hands waiting jobs to the device. */
final class Dispatching {
    /*
     * Order of streams. A policy may choose a job whose stream has an older one that still waits, possibly in another queue.
     * The older one then goes in its place (it inherits the choice), and the chosen one keeps its place: the device sees every
     * stream in order, and the choice is not lost.
     *
     * Memory. A job whose turn it is, but for which the device lacks memory, keeps its place and closes the memory gate: until
     * memory comes back, queues show only jobs that can go without. So the policy's order decides who gets memory next, and
     * the jobs whose ends free it are never blocked behind one that waits for it.
     *
     * Stale choices, as in sched_ext (ops_state and qseq of scx_dispatch_enqueue): between the choice of a job and its start
     * programs run, and one that fails takes its image out, which moves every waiting job. So the choice notes the job's
     * generation, and holds only while the job still waits as it did.
     */
    private static final int DEFER = 1;
    private static final int REJECT = 2;

    private final PlaneState state;
    private final HookRunner hooks;
    private final Placement placement;
    private final Copies copies;
    private final Collectives collectives;

    /** What the program that chose last allows the kernel, ns; 0 for as long as it likes. */
    private long budgetNs;

    Dispatching(PlaneState state, HookRunner hooks, Placement placement, Copies copies, Collectives collectives) {
        this.state = state;
        this.hooks = hooks;
        this.placement = placement;
        this.copies = copies;
        this.collectives = collectives;
    }

    /**
     * Fills one place of a vSlice.
     *
     * @return false when nobody has a job for it now
     */
    boolean fill(long nowNs, int vslice, int room) {
        CanaryTrial trial = state.canary;
        if (trial == null) {
            return fill(state.control, nowNs, vslice, room);
        }
        Side first = trial.isFirst() ? trial.side() : state.control;
        Side second = first == state.control ? trial.side() : state.control;
        return fill(first, nowNs, vslice, room) || fill(second, nowNs, vslice, room);
    }

    private boolean fill(Side side, long nowNs, int vslice, int room) {
        if (side.queued == 0) {
            return false;
        }
        long changes = state.changes();
        budgetNs = 0;
        DispatchQueue queue = chooseQueue(side, nowNs, vslice, room);
        if (state.changes() != changes) {
            return true; // the side failed in that very run: whoever decides now is asked
        }
        compared(side, queue, nowNs, vslice, room);
        if (queue == null) {
            return false;
        }
        serve(side, queue, nowNs, vslice);
        return true;
    }

    private @Nullable DispatchQueue chooseQueue(Side side, long nowNs, int vslice, int room) {
        DispatchQueue global = side.global();
        if (global.head() != null && global.heldUntilNs() <= nowNs) {
            return global;
        }
        ExecutableProgram program = side.onDispatch;
        if (program == null) {
            return side.queues.oldestServable(nowNs);
        }
        long context = state.contexts.fillDispatch(
                nowNs, vslice, room, state.device.sms(vslice), side.queued, state.counts.running());
        long verdict = hooks.run(side, Hook.ON_DISPATCH, program, context, null, nowNs);
        if (verdict == 0) {
            return null; // idle by choice
        }
        budgetNs = state.contexts.dispatchBudgetNs();
        DispatchQueue queue = side.queues.find(verdict);
        if (queue == null || queue.head() == null || queue.heldUntilNs() > nowNs) {
            state.statistics.countEmptyChoice();
            side.emptyChoices++;
            return null;
        }
        return queue;
    }

    private void compared(Side side, @Nullable DispatchQueue queue, long nowNs, int vslice, int room) {
        ShadowTrial shadow = state.shadow;
        if (shadow != null) {
            Job head = queue == null ? null : queue.head();
            shadow.dispatching(head == null ? null : head.stream().first(), nowNs, vslice, room, side.queued);
        }
    }

    /** Sends, rejects or defers the head of a queue, or the older job of its stream that must go first. */
    private void serve(Side side, DispatchQueue queue, long nowNs, int vslice) {
        Job head = queue.head();
        Job job = head == null ? null : head.stream().first();
        DispatchQueue from = job == null ? null : job.queue();
        if (head == null || job == null || from == null) {
            throw new IllegalStateException(queue + " has no head that its stream knows");
        }
        if (job != head) {
            state.statistics.countInherited();
            if (from.heldUntilNs() > nowNs && from.head() == job) {
                side.holds.hold(queue, from.heldUntilNs() == Long.MAX_VALUE ? nowNs : from.heldUntilNs(), nowNs);
                return;
            }
        }
        long generation = job.generation();
        int verdict = admit(job, from, nowNs, vslice);
        if (verdict != DEFER && verdict != REJECT && Placement.isCurrent(job, generation)) {
            copies.ask(job, vslice, nowNs);
        }
        if (!Placement.isCurrent(job, generation)) {
            state.statistics.countStaleDispatch();
        } else if (verdict == DEFER) {
            state.statistics.countDeferral();
            side.holds.hold(queue, state.contexts.deferUntilNs(), nowNs);
        } else if (verdict == REJECT && !job.yielded()) {
            placement.reject(job, state.contexts.admitReason(), nowNs);
        } else if (!start(job, nowNs, vslice, budgetNs)) {
            state.statistics.countMemoryWait();
            state.memoryGate.close();
        }
    }

    /** The verdict of the side that decides about the job. */
    private int admit(Job job, DispatchQueue from, long nowNs, int vslice) {
        Side owner = state.owner(job);
        ExecutableProgram program = owner.onAdmit;
        int running = state.counts.running();
        int verdict = 0;
        if (program != null) {
            long context = state.contexts.fillAdmit(job, nowNs, from.id(), running, state.counts.inflight(job), vslice);
            verdict = (int) hooks.run(owner, Hook.ON_ADMIT, program, context, job, nowNs);
        }
        ShadowTrial shadow = state.shadow;
        if (shadow != null) {
            shadow.admitting(job, verdict, nowNs, vslice);
        }
        return verdict;
    }

    /** A verdict of DIRECT: the waiting jobs of the stream go first, then the job; what lacks memory waits in the global queue. */
    void startDirectly(Job job, long nowNs) {
        JobStream stream = job.stream();
        int vslice = roomiest();
        Job next;
        do {
            next = stream.first();
            if (next == null) {
                throw new IllegalStateException(job + " is not in its stream");
            }
            if (Gangs.isMeeting(next)) {
                placement.enqueue(job, state.owner(job).global(), 0, nowNs);
                return;
            }
            long changes = state.changes();
            copies.ask(next, vslice, nowNs);
            if (state.changes() != changes) {
                placement.place(job, nowNs); // the side failed in that very run: whoever decides now is asked
                return;
            }
            if (!start(next, nowNs, vslice, 0)) {
                state.statistics.countMemoryWait();
                placement.enqueue(job, state.owner(job).global(), 0, nowNs);
                return;
            }
        } while (next != job);
    }

    /** Starts a waiting job, the oldest of its stream, past queues and on_admit; false when it cannot go now. */
    boolean send(Job job, long nowNs, int vslice) {
        long generation = job.generation();
        copies.ask(job, vslice, nowNs);
        return Placement.isCurrent(job, generation) && start(job, nowNs, vslice, 0);
    }

    /** The vSlice that has the most room, the first of them. */
    int roomiest() {
        int best = 0;
        for (int vslice = 1; vslice < state.device.vslices(); vslice++) {
            if (state.device.room(vslice) > state.device.room(best)) {
                best = vslice;
            }
        }
        return best;
    }

    /** Hands a waiting job to the device; false, and nothing changes, when the device lacks memory for it. */
    private boolean start(Job job, long nowNs, int vslice, long budget) {
        job.dispatched(nowNs, vslice);
        job.budgetNs(budget);
        if (state.device.start(job, vslice) == DevicePlane.StartResult.NO_MEMORY) {
            return false;
        }
        Side side = state.owner(job);
        placement.leave(job);
        job.state(JobState.RUNNING);
        side.stallGuard.progress(nowNs);
        state.counts.started(job);
        copies.started(job);
        CollectiveRank part = job.collective();
        if (part != null) {
            collectives.started(part);
        }
        state.failsafe.dispatched(job);
        CanaryTrial trial = state.canary;
        if (trial != null) {
            trial.started(job, side, nowNs);
        }
        state.listener.dispatched(job, nowNs);
        return true;
    }
}
