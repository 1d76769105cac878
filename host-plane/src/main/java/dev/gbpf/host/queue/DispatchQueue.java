package dev.gbpf.host.queue;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A dispatch queue (DSQ, as in sched_ext): jobs in order of insertion, or in order of vtime. Any job can be taken out, since
 * the order of its stream may ask for it. Confined to the plane's thread.
 */
public final class DispatchQueue {
    /*
     * FIFO: an intrusive doubly linked list, O(1) throughout. Vtime: a binary heap over (vtime unsigned, sequence) in which
     * each job knows its index, O(log n). The sequence is the plane's insertion counter, so that equal vtimes keep their
     * order and the default dispatch rule can compare heads of different queues.
     */

    /** The order in which a queue gives its jobs out. */
    public enum Order {
        FIFO,
        VTIME
    }

    private final int id;
    private final Order order;
    private int length;

    private @Nullable Job fifoFirst;
    private @Nullable Job fifoLast;
    private @Nullable Job[] heap = new Job[0];

    private long heldUntilNs = Long.MIN_VALUE;

    public DispatchQueue(int id, Order order) {
        this.id = id;
        this.order = order;
    }

    public int id() {
        return id;
    }

    public Order order() {
        return order;
    }

    /** How many jobs wait. */
    public int length() {
        return length;
    }

    /** The next job, or null when the queue is empty. */
    public @Nullable Job head() {
        return order == Order.FIFO ? fifoFirst : length == 0 ? null : heap[0];
    }

    /** When the head's last deferral ends; the queue is not served before. */
    public long heldUntilNs() {
        return heldUntilNs;
    }

    public void holdUntil(long timeNs) {
        this.heldUntilNs = timeNs;
    }

    /**
     * Adds a job.
     *
     * @param vtime its place in a vtime queue; a FIFO queue ignores it
     * @param sequence greater than that of every job inserted before, in any queue
     * @throws IllegalStateException when the job waits in a queue already
     */
    public void insert(Job job, long vtime, long sequence) {
        if (job.queue != null) {
            throw new IllegalStateException(job + " waits in dispatch queue " + job.queue.id + " already");
        }
        job.queue = this;
        job.sequence = sequence;
        if (order == Order.FIFO) {
            job.vtime = 0;
            job.queuePrevious = fifoLast;
            if (fifoLast == null) {
                fifoFirst = job;
            } else {
                fifoLast.queueNext = job;
            }
            fifoLast = job;
        } else {
            job.vtime = vtime;
            if (length == heap.length) {
                heap = Arrays.copyOf(heap, Math.max(16, heap.length * 2));
            }
            siftUp(job, length);
        }
        length++;
    }

    /**
     * Takes a job out, wherever it stands.
     *
     * @throws IllegalStateException when the job does not wait in this queue
     */
    public void remove(Job job) {
        if (job.queue != this) {
            throw new IllegalStateException(job + " does not wait in dispatch queue " + id);
        }
        length--;
        if (order == Order.FIFO) {
            unlink(job);
        } else {
            removeFromHeap(job);
        }
        job.queue = null;
    }

    private void unlink(Job job) {
        if (job.queuePrevious == null) {
            fifoFirst = job.queueNext;
        } else {
            job.queuePrevious.queueNext = job.queueNext;
        }
        if (job.queueNext == null) {
            fifoLast = job.queuePrevious;
        } else {
            job.queueNext.queuePrevious = job.queuePrevious;
        }
        job.queueNext = null;
        job.queuePrevious = null;
    }

    private void removeFromHeap(Job job) {
        int hole = job.heapIndex;
        Job moved = at(length);
        heap[length] = null;
        job.heapIndex = -1;
        if (moved != job) {
            siftDown(moved, hole);
            if (moved.heapIndex == hole) {
                siftUp(moved, hole);
            }
        }
    }

    private void siftUp(Job job, int from) {
        int index = from;
        while (index > 0) {
            int parent = (index - 1) >>> 1;
            Job above = at(parent);
            if (!before(job, above)) {
                break;
            }
            place(above, index);
            index = parent;
        }
        place(job, index);
    }

    private void siftDown(Job job, int from) {
        int index = from;
        int half = length >>> 1;
        while (index < half) {
            int child = 2 * index + 1;
            if (child + 1 < length && before(at(child + 1), at(child))) {
                child++;
            }
            Job below = at(child);
            if (!before(below, job)) {
                break;
            }
            place(below, index);
            index = child;
        }
        place(job, index);
    }

    private void place(Job job, int index) {
        heap[index] = job;
        job.heapIndex = index;
    }

    private Job at(int index) {
        Job job = heap[index];
        if (job == null) {
            throw new IllegalStateException("heap of dispatch queue " + id + " has a hole at " + index);
        }
        return job;
    }

    private static boolean before(Job a, Job b) {
        int byVtime = Long.compareUnsigned(a.vtime, b.vtime);
        return byVtime != 0 ? byVtime < 0 : a.sequence < b.sequence;
    }

    /** Whether the head of this queue was inserted before the head of {@code other}; both must have one. */
    public boolean headOlderThan(DispatchQueue other) {
        Job mine = head();
        Job theirs = other.head();
        if (mine == null || theirs == null) {
            throw new IllegalStateException("dispatch queues " + id + " and " + other.id + " must both have a head");
        }
        return mine.sequence < theirs.sequence;
    }

    @Override
    public String toString() {
        return "dispatch queue " + id + " (" + order + ", " + length + " jobs)";
    }
}
