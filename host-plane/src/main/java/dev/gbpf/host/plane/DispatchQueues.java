package dev.gbpf.host.plane;

import dev.gbpf.abi.Constants;
import dev.gbpf.abi.Errno;
import dev.gbpf.host.queue.DispatchQueue;
import dev.gbpf.host.queue.DispatchQueue.Order;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.MemoryGate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The dispatch queues of one activation: the global one, and those that the policy made. */
final class DispatchQueues {
    /** Ids below this are found by index; policies number their queues from 1, so nearly all are. */
    private static final int DIRECT_IDS = 1024;

    /** Room for so many in the index at first: a swap is no time to clear a large one. */
    private static final int FIRST_IDS = 16;

    /** The id of all places where ranks meet: none that a policy can name. */
    static final int MEETING = -1;

    private final MemoryGate gate;
    private final Map<Integer, DispatchQueue> high = new HashMap<>();
    private final List<DispatchQueue> own = new ArrayList<>();
    private final List<DispatchQueue> meetings = new ArrayList<>();
    private DispatchQueue global;
    private @Nullable DispatchQueue[] low = new DispatchQueue[FIRST_IDS];

    DispatchQueues(DispatchQueue global, MemoryGate gate) {
        this.global = global;
        this.gate = gate;
        low[(int) Constants.DSQ_GLOBAL] = global;
    }

    DispatchQueue global() {
        return global;
    }

    /** From here on this is the global queue: that of an earlier activation, with its jobs. */
    void takeOver(DispatchQueue globalOfEarlier) {
        global = globalOfEarlier;
        low[(int) Constants.DSQ_GLOBAL] = globalOfEarlier;
    }

    /** The queues that the policy made, in order of their creation. */
    List<DispatchQueue> own() {
        return own;
    }

    /** Where ranks of collective operations wait for each other, in order of the first rank of each; no policy serves these. */
    List<DispatchQueue> meetings() {
        return meetings;
    }

    /** A place where ranks wait for each other. */
    DispatchQueue meet() {
        DispatchQueue meeting = DispatchQueue.meeting(MEETING, gate);
        meetings.add(meeting);
        return meeting;
    }

    @Nullable
    DispatchQueue find(long id) {
        if (id >= 0 && id < low.length) {
            return low[(int) id];
        }
        return id >= DIRECT_IDS && id <= Integer.MAX_VALUE ? high.get((int) id) : null;
    }

    /**
     * The helper {@code dsq_create}.
     *
     * @param earlier queues of the policy's earlier activation, one of which is taken over with its jobs when id and order
     *     are equal; null when there is none
     */
    long create(long id, long order, @Nullable DispatchQueues earlier) {
        boolean badOrder = order != Constants.DSQ_FIFO && order != Constants.DSQ_VTIME;
        if (id < 1 || id > Integer.MAX_VALUE || badOrder) {
            return Errno.EINVAL;
        }
        Order wanted = order == Constants.DSQ_FIFO ? Order.FIFO : Order.VTIME;
        DispatchQueue present = find(id);
        if (present != null) {
            return present.order() == wanted ? 0 : Errno.EEXIST;
        }
        if (own.size() >= Constants.MAX_DSQS) {
            return Errno.ENOSPC;
        }
        DispatchQueue old = earlier == null ? null : earlier.find(id);
        add(old != null && old.order() == wanted ? old : new DispatchQueue((int) id, wanted, gate));
        return 0;
    }

    private void add(DispatchQueue queue) {
        own.add(queue);
        if (queue.id() < DIRECT_IDS) {
            if (queue.id() >= low.length) {
                low = Arrays.copyOf(low, Math.min(DIRECT_IDS, 2 * Integer.highestOneBit(queue.id())));
            }
            low[queue.id()] = queue;
        } else {
            high.put(queue.id(), queue);
        }
    }

    /** Takes every job out of the queues that {@code next} does not share with this, in order of arrival. */
    List<Job> drainExcept(@Nullable DispatchQueues next) {
        List<Job> jobs = new ArrayList<>();
        for (DispatchQueue queue : own) {
            if (next == null || next.find(queue.id()) != queue) {
                drain(queue, jobs);
            }
        }
        if (next == null || next.global != global) {
            drain(global, jobs);
        }
        meetings.forEach(meeting -> drain(meeting, jobs));
        meetings.clear();
        jobs.sort(Comparator.comparingLong(Job::arrival));
        return jobs;
    }

    /** Every job that waits, in order of arrival. */
    List<Job> waiting() {
        List<Job> jobs = new ArrayList<>();
        own.forEach(queue -> queue.forEach(jobs::add));
        meetings.forEach(meeting -> meeting.forEach(jobs::add));
        global.forEach(jobs::add);
        jobs.sort(Comparator.comparingLong(Job::arrival));
        return jobs;
    }

    /**
     * Takes over the jobs of the queues of another version that it has too, with their places.
     *
     * @return the jobs of the others, taken out, in order of arrival
     */
    List<Job> adopt(DispatchQueues others) {
        for (DispatchQueue queue : others.own) {
            DispatchQueue mine = find(queue.id());
            if (mine != null && mine.order() == queue.order()) {
                move(queue, mine);
            }
        }
        move(others.global, global);
        return others.drainExcept(null);
    }

    private static void move(DispatchQueue from, DispatchQueue to) {
        for (Job job = from.first(); job != null; job = from.first()) {
            from.remove(job);
            to.adopt(job);
        }
    }

    private static void drain(DispatchQueue queue, List<Job> into) {
        for (Job job = queue.first(); job != null; job = queue.first()) {
            queue.remove(job);
            into.add(job);
        }
    }

    /** The policy's own queue whose head was queued first and may be served now, or null. */
    @Nullable
    DispatchQueue oldestServable(long nowNs) {
        DispatchQueue oldest = null;
        for (DispatchQueue queue : own) {
            if (queue.head() != null
                    && queue.heldUntilNs() <= nowNs
                    && (oldest == null || queue.headOlderThan(oldest))) {
                oldest = queue;
            }
        }
        return oldest;
    }
}
