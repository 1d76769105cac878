package dev.gbpf.host.plane;

import dev.gbpf.host.queue.DispatchQueue;
import java.util.ArrayList;
import java.util.List;

/** The queues whose head was deferred: until a time, or until the next event. */
final class QueueHolds {
    private final List<DispatchQueue> timed = new ArrayList<>();
    private final List<DispatchQueue> untilEvent = new ArrayList<>();

    private long lastEndNs = Long.MIN_VALUE;

    void hold(DispatchQueue queue, long untilNs, long nowNs) {
        if (untilNs <= nowNs) {
            queue.holdUntil(Long.MAX_VALUE);
            untilEvent.add(queue);
        } else {
            queue.holdUntil(untilNs);
            timed.add(queue);
        }
    }

    /** Something happened: queues that waited for that may be served again. */
    void eventHappened() {
        if (!untilEvent.isEmpty()) {
            untilEvent.forEach(queue -> queue.holdUntil(Long.MIN_VALUE));
            untilEvent.clear();
        }
    }

    /** The first end of a timed hold of a queue that has jobs, or {@link Long#MAX_VALUE}. */
    long nextEndNs(long nowNs) {
        if (timed.isEmpty()) {
            return Long.MAX_VALUE;
        }
        timed.removeIf(queue -> isOver(queue, nowNs));
        long next = Long.MAX_VALUE;
        for (DispatchQueue queue : timed) {
            if (queue.length() > 0) {
                next = Math.min(next, queue.heldUntilNs());
            }
        }
        return next;
    }

    private boolean isOver(DispatchQueue queue, long nowNs) {
        boolean over = queue.heldUntilNs() <= nowNs;
        if (over) {
            lastEndNs = Math.max(lastEndNs, queue.heldUntilNs());
        }
        return over;
    }

    /** When the last deferral that {@link #nextEndNs} found to be over ended; the least number when there was none. */
    long lastEndNs() {
        return lastEndNs;
    }

    /** The clock went back: ends all holds, those too whose time had come by the old one. */
    void clockWentBack(DispatchQueues queues) {
        clear();
        lastEndNs = Long.MIN_VALUE;
        queues.global().holdUntil(Long.MIN_VALUE);
        queues.own().forEach(queue -> queue.holdUntil(Long.MIN_VALUE));
    }

    /** Ends all holds: another policy decides. */
    void clear() {
        timed.forEach(queue -> queue.holdUntil(Long.MIN_VALUE));
        timed.clear();
        eventHappened();
    }
}
