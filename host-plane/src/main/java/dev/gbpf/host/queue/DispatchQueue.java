package dev.gbpf.host.queue;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A dispatch queue (DSQ, as in sched_ext): jobs in order of insertion, or in order of vtime. Any job can be taken out, since
 * the order of its stream may ask for it. While the memory gate is closed, jobs that need memory are passed over and keep
 * their places. Confined to the plane's thread.
 */
public final class DispatchQueue {
    /*
     * Two lanes in one order: jobs that need device memory, or stand behind one of their stream that does, and jobs that can
     * go without. The head is the first of both, or of the second lane alone while the gate is closed. Without that, a job
     * that waits for memory at the head would block the jobs behind it whose ends give memory back.
     *
     * A third lane has the jobs behind one of their stream that waits for the other ranks of its collective operation: they are
     * passed over too, since what they would block may be what those ranks wait for.
     *
     * The order is (vtime unsigned, sequence), with vtime 0 in a FIFO queue. The sequence is the plane's insertion counter,
     * so that the default dispatch rule can compare heads of different queues.
     */

    /** The order in which a queue gives its jobs out. */
    public enum Order {
        FIFO,
        VTIME
    }

    private final int id;
    private final Order order;
    private final MemoryGate gate;
    private final JobHeap needing = new JobHeap();
    private final JobHeap free = new JobHeap();
    private final JobHeap behind = new JobHeap();
    private final boolean meeting;
    private long heldUntilNs = Long.MIN_VALUE;

    public DispatchQueue(int id, Order order, MemoryGate gate) {
        this(id, order, gate, false);
    }

    private DispatchQueue(int id, Order order, MemoryGate gate, boolean meeting) {
        this.meeting = meeting;
        this.id = id;
        this.order = order;
        this.gate = gate;
    }

    /** A place where the ranks of a collective operation wait for each other. */
    public static DispatchQueue meeting(int id, MemoryGate gate) {
        return new DispatchQueue(id, Order.FIFO, gate, true);
    }

    public int id() {
        return id;
    }

    public Order order() {
        return order;
    }

    /** How many jobs wait, those that are passed over among them. */
    public int length() {
        return needing.size() + free.size() + behind.size();
    }

    /** The next job that may go, or null when there is none. */
    public @Nullable Job head() {
        return earlier(free.first(), gate.isOpen() ? needing.first() : null);
    }

    /** The first job in the queue's order, whether it may go now or not; null when the queue is empty. */
    public @Nullable Job first() {
        return earlier(earlier(free.first(), needing.first()), behind.first());
    }

    private static @Nullable Job earlier(@Nullable Job one, @Nullable Job other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return JobHeap.before(other, one) ? other : one;
    }

    /** Passes every job that waits, in no order. */
    public void forEach(Consumer<Job> consumer) {
        needing.forEach(consumer);
        free.forEach(consumer);
        behind.forEach(consumer);
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
     * @param sequence its place in the order of insertions into any queue
     * @throws IllegalStateException when the job waits in a queue already
     */
    public void insert(Job job, long vtime, long sequence) {
        if (job.queue != null) {
            throw new IllegalStateException(job + " waits in dispatch queue " + job.queue.id + " already");
        }
        job.queue = this;
        job.moved();
        job.sequence = sequence;
        job.vtime = order == Order.FIFO ? 0 : vtime;
        lane(job).add(job);
        if (meeting) {
            JobStream.meets(job);
        }
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
        lane(job).remove(job);
        job.queue = null;
        job.moved();
        if (meeting) {
            JobStream.meetsNoMore(job);
        }
    }

    /**
     * Adds a job that comes from another queue, with its place in the order of insertions.
     *
     * @throws IllegalStateException when the job waits in a queue already
     */
    public void adopt(Job job) {
        insert(job, job.vtime, job.sequence);
    }

    /** No job before it in its stream needs memory any more: the job changes lanes and keeps its place. */
    void freeOfMemory(Job job) {
        lane(job).remove(job);
        job.behindMemory = false;
        lane(job).add(job);
    }

    /** The job changes lanes and keeps its place. */
    void behindMeeting(Job job, boolean stands) {
        lane(job).remove(job);
        job.behindMeeting = stands;
        lane(job).add(job);
    }

    private JobHeap lane(Job job) {
        if (job.behindMeeting) {
            return behind;
        }
        return job.behindMemory || job.needsMemory() ? needing : free;
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
        return "dispatch queue " + id + " (" + order + ", " + length() + " jobs)";
    }
}
