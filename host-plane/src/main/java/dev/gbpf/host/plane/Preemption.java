package dev.gbpf.host.plane;

import static dev.gbpf.host.plane.ContextMemory.U32;
import static dev.gbpf.host.plane.ContextMemory.U64;

import dev.gbpf.abi.Constants;
import dev.gbpf.abi.Hook;
import dev.gbpf.host.queue.DispatchQueue;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobState;
import dev.gbpf.host.vm.ExecutableProgram;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks {@code on_preempt} whether running kernels give up their place, and takes the jobs back that do. */
final class Preemption {
    /*
     * A job that gave up its place is the oldest of its stream and is offered to on_submit again, so the policy orders it
     * like any other. It cannot be refused any more: its owner counts on the work that is done and on the memory that it has.
     *
     * Who waits urgently is asked about once, until the next tick, and about so many kernels at most: otherwise every event
     * would ask the same question again. While a canary is on trial, a job takes the place of one of its own side: which side is
     * served next, their shares say.
     */
    private static final int MOST_ASKED = 16;

    private static final int YIELD = 1;
    private static final int ATOMIZE = 2;

    private static final long DEFAULT_PIECE_NS = 1_000_000;

    private static final Comparator<Job> LEAST_URGENT_FIRST = Comparator.<Job>comparingInt(
                    job -> job.tenant().priority())
            .thenComparing(Comparator.comparingLong(Job::placedNs).reversed())
            .thenComparing(Comparator.comparingLong(Job::id).reversed());

    private final PlaneState state;
    private final HookRunner hooks;
    private final Placement placement;
    private final MemorySegment context;
    private final List<Job> candidates = new ArrayList<>();

    Preemption(PlaneState state, HookRunner hooks, Placement placement, Arena arena) {
        this.state = state;
        this.hooks = hooks;
        this.placement = placement;
        this.context = HookContexts.allocate(arena, Hook.ON_PREEMPT);
    }

    /** A period has passed: whoever waits urgently still may be asked about again. */
    void tick() {
        state.control.askedFor = -1;
        if (state.canary != null) {
            state.canary.side().askedFor = -1;
        }
    }

    /** A kernel has used up its budget. */
    void budgetUsed(Job job, long nowNs) {
        if (job.state() == JobState.RUNNING) {
            ask(job, null, nowNs);
        }
    }

    /** No vSlice has room: is there one whose kernel gives way to the most urgent job that waits? */
    void makeRoom(long nowNs) {
        makeRoom(state.control, nowNs);
        if (state.canary != null) {
            makeRoom(state.canary.side(), nowNs);
        }
    }

    private void makeRoom(Side side, long nowNs) {
        boolean shown = state.shadow != null && state.shadow.side().onPreempt != null;
        Job urgent = side.onPreempt == null && !shown ? null : mostUrgent(side);
        if (urgent == null || urgent.id() == side.askedFor) {
            return;
        }
        side.askedFor = urgent.id();
        candidates.clear();
        int priority = urgent.tenant().priority();
        for (int vslice = 0; vslice < state.device.vslices(); vslice++) {
            state.device.running(vslice, job -> {
                if (job.tenant().priority() < priority && state.owner(job) == side) {
                    candidates.add(job);
                }
            });
        }
        candidates.sort(LEAST_URGENT_FIRST);
        for (int i = 0; i < Math.min(candidates.size(), MOST_ASKED); i++) {
            if (ask(candidates.get(i), urgent, nowNs)) {
                return;
            }
        }
    }

    private static @Nullable Job mostUrgent(Side side) {
        Job best = side.global().head();
        for (DispatchQueue queue : side.queues.own()) {
            Job head = queue.head();
            if (head != null && (best == null || moreUrgent(head, best))) {
                best = head;
            }
        }
        return best;
    }

    private static boolean moreUrgent(Job job, Job than) {
        int priority = job.tenant().priority();
        int other = than.tenant().priority();
        return priority != other ? priority > other : job.arrival() < than.arrival();
    }

    /** Whether the kernel gives up its place. */
    private boolean ask(Job job, @Nullable Job urgent, long nowNs) {
        Side side = state.owner(job);
        ExecutableProgram program = side.onPreempt;
        int verdict = 0;
        long more = 0;
        long piece = 0;
        if (program != null) {
            verdict = (int) hooks.run(side, Hook.ON_PREEMPT, program, fill(job, urgent, side, nowNs), job, nowNs);
            more = context.get(U64, Layout.BUDGET) & Long.MAX_VALUE;
            piece = context.get(U64, Layout.PIECE) & Long.MAX_VALUE;
        }
        ShadowTrial shadow = state.shadow;
        if (shadow != null && shadow.side().onPreempt != null) {
            long again = fill(job, urgent, side, nowNs);
            shadow.asked(Hook.ON_PREEMPT, shadow.side().onPreempt, again, job, verdict, nowNs);
        }
        if (verdict == YIELD || verdict == ATOMIZE) {
            if (verdict == ATOMIZE) {
                job.pieceNs(piece == 0 ? DEFAULT_PIECE_NS : piece);
            }
            return state.device.preempt(job);
        }
        if (more != 0) {
            state.device.watch(job, more);
        }
        return false;
    }

    private long fill(Job job, @Nullable Job urgent, Side side, long nowNs) {
        HookContexts.fillJob(context, job, nowNs);
        context.set(U64, Layout.USED, job.usedNs());
        context.set(U64, Layout.RUNNING_NS, nowNs - job.placedNs());
        context.set(U64, Layout.QUEUED, side.queued);
        context.set(U64, Layout.RUNNING, state.counts.running());
        context.set(U64, Layout.WAITING_JOB, urgent == null ? 0 : urgent.id());
        context.set(U64, Layout.WAITING_COST, urgent == null ? 0 : urgent.costNs());
        context.set(U64, Layout.WAITING_DEADLINE, urgent == null ? 0 : urgent.deadlineNs());
        context.set(
                U32, Layout.WAITING_TENANT, urgent == null ? 0 : urgent.tenant().index());
        context.set(
                U32,
                Layout.WAITING_PRIORITY,
                urgent == null ? 0 : urgent.tenant().priority());
        context.set(U32, Layout.REASON, (int) (urgent == null ? Constants.PREEMPT_BUDGET : Constants.PREEMPT_URGENT));
        context.set(U32, Layout.VSLICE, job.vslice());
        context.set(U64, Layout.BUDGET, 0);
        context.set(U64, Layout.PIECE, 0);
        return context.address();
    }

    /** The device does not hold a job any more that is not over: it waits again. */
    void yielded(Job job, long runNs, long nowNs) {
        state.statistics.countYield();
        if (state.canary != null) {
            state.canary.ended(job, state.owner(job), runNs);
        }
        job.yielded(runNs);
        job.state(JobState.QUEUED);
        job.stream().prepend(job);
        state.counts.returned(job);
        state.owner(job).returned(job, nowNs);
        state.listener.yielded(job, runNs, nowNs);
        job.markReoffered();
        placement.place(job, nowNs);
    }

    /** Where the fields are that only this hook's context has. */
    private static final class Layout {
        static final long USED = offset("used_ns");
        static final long RUNNING_NS = offset("running_ns");
        static final long QUEUED = offset("queued");
        static final long RUNNING = offset("running");
        static final long WAITING_JOB = offset("waiting_job");
        static final long WAITING_COST = offset("waiting_cost_ns");
        static final long WAITING_DEADLINE = offset("waiting_deadline_ns");
        static final long WAITING_TENANT = offset("waiting_tenant");
        static final long WAITING_PRIORITY = offset("waiting_priority");
        static final long REASON = offset("reason");
        static final long VSLICE = offset("vslice");
        static final long BUDGET = offset("budget_ns");
        static final long PIECE = offset("piece_ns");

        private Layout() {}

        private static long offset(String field) {
            return Hook.ON_PREEMPT.context().offsetOf(field);
        }
    }
}
