package dev.gbpf.host.plane;

import dev.gbpf.host.queue.DispatchQueue;
import java.util.ArrayList;
import java.util.List;

/** The queues whose head was deferred: until a time, or until the next event. */
final class QueueHolds {
    private final List<DispatchQueue> timed = new ArrayList<>();
    private final List<DispatchQueue> untilEvent = new ArrayList<>();

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
        timed.removeIf(queue -> queue.heldUntilNs() <= nowNs);
        long next = Long.MAX_VALUE;
        for (DispatchQueue queue : timed) {
            if (queue.length() > 0) {
                next = Math.min(next, queue.heldUntilNs());
            }
        }
        return next;
    }

    /** Ends all holds: another policy decides. */
    void clear() {
        timed.forEach(queue -> queue.holdUntil(Long.MIN_VALUE));
        timed.clear();
        eventHappened();
    }
}
