package dev.gbpf.host.plane;

import dev.gbpf.host.queue.Collective;
import dev.gbpf.host.queue.CollectiveRank;
import dev.gbpf.host.queue.DispatchQueue;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Starts the ranks of a gang in one instant, when all are there and there is room for all. */
final class Gangs {
    /*
     * Coscheduling (Ousterhout: Scheduling Techniques for Concurrent Systems, ICDCS 1982). A gang is ready when each of its
     * jobs is the oldest of its stream and the device holds none of that stream: then all of them run at once when they start,
     * and none waits there for what its own stream has still to do.
     *
     * Room is kept free for one gang at a time, the first whose turn has come: jobs that the device holds end, and nobody
     * takes their places. That ends, unless they wait for ranks that wait in queues, of operations that began otherwise; so
     * these go on meanwhile.
     */
    private final PlaneState state;
    private final Collectives collectives;
    private final Placement placement;
    private final Dispatching dispatching;
    private boolean keepsRoom;

    Gangs(PlaneState state, Collectives collectives, Placement placement, Dispatching dispatching) {
        this.state = state;
        this.collectives = collectives;
        this.placement = placement;
        this.dispatching = dispatching;
    }

    /** Whether room that there is was kept free when {@link #serve} ran last. */
    boolean keepsRoom() {
        return keepsRoom;
    }

    /**
     * Starts the gangs that can start, and lets those go that have waited for their ranks for too long.
     *
     * @return false when nothing else may go to the device now
     */
    boolean serve(long nowNs) {
        keepsRoom = false;
        if (collectives.underWay().isEmpty()) {
            return true;
        }
        for (Collective operation : new ArrayList<>(collectives.underWay())) {
            DispatchQueue meeting = operation.meeting();
            if (meeting == null || meeting.length() == 0) {
                continue;
            }
            Side side = sideOf(meeting);
            if (side == null) {
                continue;
            }
            if (!isReady(operation, meeting)) {
                if (meeting.heldUntilNs() <= nowNs && meeting.length() < operation.ranks()) {
                    dissolve(operation, meeting, side, nowNs);
                }
            } else if (state.device.room() >= operation.ranks()) {
                start(operation, meeting, side, nowNs);
            } else if (Collectives.boosted(operation) || isItsTurn(operation, side, nowNs)) {
                keepsRoom = true;
                followUp(nowNs);
                return false;
            }
        }
        return true;
    }

    private @Nullable Side sideOf(DispatchQueue meeting) {
        if (state.control.queues.meetings().contains(meeting)) {
            return state.control;
        }
        CanaryTrial trial = state.canary;
        return trial != null && trial.side().queues.meetings().contains(meeting) ? trial.side() : null;
    }

    private static boolean isReady(Collective operation, DispatchQueue meeting) {
        if (meeting.length() < operation.ranks()) {
            return false;
        }
        for (int rank = 0; rank < operation.ranks(); rank++) {
            Job job = operation.part(rank);
            if (job == null || job.stream().first() != job || job.stream().onDevice() > 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether no job that heads a queue which may be served came before the last of the ranks. */
    private static boolean isItsTurn(Collective operation, Side side, long nowNs) {
        return isLater(side.global(), operation.lastArrival(), nowNs)
                && side.queues.own().stream().allMatch(queue -> isLater(queue, operation.lastArrival(), nowNs));
    }

    private static boolean isLater(DispatchQueue queue, long arrival, long nowNs) {
        Job head = queue.head();
        return head == null || queue.heldUntilNs() > nowNs || head.arrival() > arrival;
    }

    private void start(Collective operation, DispatchQueue meeting, Side side, long nowNs) {
        operation.meeting(null);
        for (int rank = 0; rank < operation.ranks(); rank++) {
            Job job = operation.part(rank);
            if (job == null || !dispatching.send(job, nowNs, dispatching.roomiest())) {
                throw new IllegalStateException("rank " + rank + " of " + operation + " cannot start");
            }
        }
        side.queues.meetings().remove(meeting);
        state.statistics.countGang();
    }

    /** Not all ranks have come: those that are there go their own ways. */
    private void dissolve(Collective operation, DispatchQueue meeting, Side side, long nowNs) {
        state.statistics.countDissolvedGang();
        operation.dissolved();
        side.queues.meetings().remove(meeting);
        List<Job> jobs = new ArrayList<>();
        for (Job job = meeting.first(); job != null; job = meeting.first()) {
            meeting.remove(job);
            jobs.add(job);
        }
        placement.offerAgain(jobs, nowNs);
    }

    /** Room is kept free: ranks that wait for others which run already are not kept from it. */
    private void followUp(long nowNs) {
        for (Collective operation : new ArrayList<>(collectives.underWay())) {
            if (operation.started() == 0 || operation.started() == operation.ranks()) {
                continue;
            }
            for (int rank = 0; rank < operation.ranks(); rank++) {
                Job job = operation.part(rank);
                while (job != null && job.state() == JobState.QUEUED && state.device.room() > 0) {
                    Job first = job.stream().first();
                    if (first == null || isMeeting(first) || !dispatching.send(first, nowNs, dispatching.roomiest())) {
                        break;
                    }
                }
            }
        }
    }

    /** Whether a job waits where the ranks of its operation meet. */
    static boolean isMeeting(Job job) {
        CollectiveRank part = job.collective();
        return part != null
                && job.queue() != null
                && job.queue() == part.operation().meeting();
    }
}
