package dev.gbpf.host.plane;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.queue.CollectiveRank;
import dev.gbpf.host.queue.DispatchQueue;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobState;
import dev.gbpf.host.vm.ExecutableProgram;

/** Where waiting jobs are: asks {@code on_submit}, and puts jobs in queues and takes them out. */
final class Placement {
    /** Verdicts of on_submit. */
    private static final int ENQUEUE = 0;

    private static final int DIRECT = 1;
    private static final int REJECT = 2;

    private final PlaneState state;
    private final HookRunner hooks;
    private final DirectStart direct;
    private final Collectives collectives;

    /** Sends a job past the queues. */
    @FunctionalInterface
    interface DirectStart {
        void start(Job job, long nowNs);
    }

    Placement(PlaneState state, HookRunner hooks, DirectStart direct, Collectives collectives) {
        this.state = state;
        this.hooks = hooks;
        this.direct = direct;
        this.collectives = collectives;
    }

    /** Asks the side that decides about a job where it goes, and does it. */
    void place(Job job, long nowNs) {
        Side side = state.owner(job);
        CollectiveRank part = job.collective();
        if (part != null && goesWithOthers(job, part, side, nowNs)) {
            return;
        }
        ExecutableProgram program = side.onSubmit;
        if (program == null) {
            enqueue(job, side.global(), 0, nowNs);
            compared(job, ENQUEUE, nowNs);
            return;
        }
        side.helpers.beginPlacement();
        long context = state.contexts.fillSubmit(job, nowNs, side.queued - 1, state.counts.running());
        long verdict = hooks.run(side, Hook.ON_SUBMIT, program, context, job, nowNs);
        if (state.owner(job) != side) {
            place(job, nowNs); // its side failed in that very run; the one that is left decides
            return;
        }
        if (verdict == DIRECT) {
            direct.start(job, nowNs);
        } else if (verdict == REJECT && !job.yielded()) {
            reject(job, state.contexts.submitReason(), nowNs);
        } else {
            DispatchQueue chosen = side.helpers.chosen();
            enqueue(job, chosen == null ? side.global() : chosen, side.helpers.chosenVtime(), nowNs);
        }
        compared(job, (int) verdict, nowNs);
    }

    /** Places a rank's job past on_submit when it is told to; false when it is placed like any other. */
    private boolean goesWithOthers(Job job, CollectiveRank part, Side side, long nowNs) {
        switch (collectives.way(job, part, side, nowNs)) {
            case OWN -> {
                return false;
            }
            case AHEAD -> enqueue(job, side.global(), 0, nowNs);
            case GANG -> {
                DispatchQueue meeting = part.operation().meeting();
                enqueue(job, meeting == null ? side.global() : meeting, 0, nowNs);
            }
            case AGAIN -> place(job, nowNs);
        }
        return true;
    }

    private void compared(Job job, int verdict, long nowNs) {
        ShadowTrial shadow = state.shadow;
        if (shadow != null) {
            shadow.submitted(job, verdict, nowNs);
        }
    }

    void enqueue(Job job, DispatchQueue queue, long vtime, long nowNs) {
        queue.insert(job, vtime, state.counts.nextInsertion());
        state.listener.queued(job, queue.id(), nowNs);
    }

    /** The job never runs. */
    void reject(Job job, long reason, long nowNs) {
        Side side = state.owner(job);
        leave(job);
        job.state(JobState.REJECTED);
        state.failsafe.rejected(job, reason >= 0);
        CollectiveRank part = job.collective();
        if (part != null) {
            collectives.rejected(part);
        }
        side.stallGuard.progress(nowNs);
        if (side.meter != null) {
            side.meter.rejected();
        }
        state.listener.rejected(job, reason, nowNs);
    }

    /** Takes a waiting job out of its queue and its stream. */
    void leave(Job job) {
        DispatchQueue queue = job.queue();
        if (queue != null) {
            queue.remove(job);
        }
        job.stream().remove(job);
        state.counts.leftQueue();
        state.owner(job).queued--;
        ShadowTrial shadow = state.shadow;
        if (shadow != null) {
            shadow.left(job);
        }
    }

    /** Jobs that were taken out of the queues of a side that has gone are offered to the one that decides now. */
    void offerAgain(Iterable<Job> jobs, long nowNs) {
        for (Job job : jobs) {
            job.markReoffered();
            place(job, nowNs);
        }
    }

    /** Whether a job still waits as it did when {@code generation} was read. */
    static boolean isCurrent(Job job, long generation) {
        return job.state() == JobState.QUEUED && job.generation() == generation;
    }
}
