package dev.gbpf.host.queue;

import org.jspecify.annotations.Nullable;

/**
 * One unit of submitted work. Its description never changes; its state and its place in a queue are the plane's, and are
 * confined to the plane's thread.
 */
public final class Job {
    private final long id;
    private final JobStream stream;
    private final JobSpec spec;
    private final long submittedNs;
    private final @Nullable CollectiveRank collective;

    private JobState state = JobState.NEW;
    private boolean reoffered;
    private long arrival;
    private long decider;
    private long generation;
    private long dispatchedNs = -1;
    private long placedNs = -1;
    private int vslice = -1;
    private CopyTerms copyTerms = CopyTerms.WHOLE;
    private long budgetNs;
    private long pieceNs;
    private long usedNs;
    private long doneNs;
    private boolean yielded;

    /** Links of the stream's list of jobs not yet dispatched. */
    @Nullable
    Job streamNext;

    @Nullable
    Job streamPrevious;

    /** Place in a dispatch queue; the queue alone touches it. */
    @Nullable
    DispatchQueue queue;

    int heapIndex = -1;
    long vtime;
    long sequence;

    /** Whether an older waiting job of its stream needs device memory; the stream keeps it. */
    boolean behindMemory;

    /** Whether it waits where the ranks of its collective operation meet. */
    boolean meets;

    /** Whether an older waiting job of its stream does; the stream keeps it. */
    boolean behindMeeting;

    /**
     * A job at its submission.
     *
     * @param id unique over the plane's life
     * @param stream the stream that orders it
     * @param spec what it is
     * @param submittedNs when it was submitted, ns
     */
    public Job(long id, JobStream stream, JobSpec spec, long submittedNs) {
        this(id, stream, spec, submittedNs, null);
    }

    /**
     * A job at its submission that may do a part of a collective operation.
     *
     * @param id unique over the plane's life
     * @param stream the stream that orders it
     * @param spec what it is; a part of a collective operation is a kernel that takes no memory and runs in no batch
     * @param submittedNs when it was submitted, ns
     * @param collective whose part of what it does, or null
     */
    public Job(long id, JobStream stream, JobSpec spec, long submittedNs, @Nullable CollectiveRank collective) {
        this.id = id;
        this.stream = stream;
        this.spec = spec;
        this.submittedNs = submittedNs;
        this.collective = collective;
        if (collective != null && (spec.kind() != JobKind.KERNEL || spec.bytes() != 0 || spec.batchClass() != 0)) {
            throw new IllegalArgumentException("job " + id + ", a part of a collective operation: kind=" + spec.kind()
                    + " bytes=" + spec.bytes() + " batchClass=" + spec.batchClass()
                    + ", expected a kernel without memory and batch");
        }
    }

    public long id() {
        return id;
    }

    public JobStream stream() {
        return stream;
    }

    public Tenant tenant() {
        return stream.tenant();
    }

    public JobSpec spec() {
        return spec;
    }

    public long submittedNs() {
        return submittedNs;
    }

    /** Whose part of a collective operation it does, or null. */
    public @Nullable CollectiveRank collective() {
        return collective;
    }

    /** Whether the device must find memory for it. */
    boolean needsMemory() {
        return spec.bytes() > 0 && spec.kind() == JobKind.KERNEL && !yielded;
    }

    /** Absolute deadline, ns; 0 when it has none. */
    public long deadlineNs() {
        return spec.deadlineAfterNs() == 0 ? 0 : submittedNs + spec.deadlineAfterNs();
    }

    public JobState state() {
        return state;
    }

    public void state(JobState next) {
        this.state = next;
    }

    /** Its number in the order in which jobs came to the plane, from 0; set at its submission. */
    public long arrival() {
        return arrival;
    }

    public void arrival(long number) {
        this.arrival = number;
    }

    /** Whether it was offered to a second policy after a swap. */
    public boolean reoffered() {
        return reoffered;
    }

    public void markReoffered() {
        this.reoffered = true;
    }

    /** The number of the side of the plane that it came to. */
    public long decider() {
        return decider;
    }

    public void decider(long number) {
        this.decider = number;
    }

    /**
     * Which of its stays in a queue this is: it grows whenever the job joins a queue or leaves one. Whoever chose the job
     * earlier sees by it whether the choice still holds.
     */
    public long generation() {
        return generation;
    }

    /** It joins a queue or leaves one. */
    void moved() {
        generation++;
    }

    /**
     * Leaves its queue, and another takes its place there.
     *
     * @return false, and nothing changes, when it waits in no queue
     */
    public boolean givePlaceTo(Job other) {
        DispatchQueue place = queue;
        if (place == null) {
            return false;
        }
        place.remove(this);
        place.insert(other, vtime, sequence);
        return true;
    }

    /** When it went to the device for the first time, ns; -1 before. */
    public long dispatchedNs() {
        return dispatchedNs;
    }

    /** When it went to the device the last time, ns; -1 before. */
    public long placedNs() {
        return placedNs;
    }

    /** The vSlice that it went to; -1 before. */
    public int vslice() {
        return vslice;
    }

    public void dispatched(long nowNs, int toVslice) {
        if (!yielded) {
            this.dispatchedNs = nowNs;
        }
        this.placedNs = nowNs;
        this.vslice = toVslice;
    }

    /** Of a copy: how it may move. */
    public CopyTerms copyTerms() {
        return copyTerms;
    }

    public void copyTerms(CopyTerms terms) {
        this.copyTerms = terms;
    }

    /** How long it may run, from when its kernel starts, until the plane is told, ns; 0 for as long as it likes. */
    public long budgetNs() {
        return budgetNs;
    }

    public void budgetNs(long limitNs) {
        this.budgetNs = limitNs;
    }

    /** How much of its work it does before it gives up its place, each time, ns; 0 when it is in one piece. */
    public long pieceNs() {
        return pieceNs;
    }

    public void pieceNs(long workNs) {
        this.pieceNs = workNs;
    }

    /** Whether it has run, gave up its place and has still work left: its memory is taken, and it can no longer be refused. */
    public boolean yielded() {
        return yielded;
    }

    /** Device time that it used before it gave up its place, all times together, ns. */
    public long usedNs() {
        return usedNs;
    }

    /** Gives up its place after another {@code runNs} of device time. */
    public void yielded(long runNs) {
        this.yielded = true;
        this.usedNs += runNs;
    }

    /** Work that the device has done of it before it gave up its place, ns; the device's own. */
    public long doneNs() {
        return doneNs;
    }

    public void done(long workNs) {
        this.doneNs += workNs;
    }

    /** Estimate of the device time that it still needs alone, ns; 0 when nothing is known. */
    public long costNs() {
        return spec.costNs() == 0 ? 0 : Math.max(1, spec.costNs() - usedNs);
    }

    /** The dispatch queue in which it waits, or null. */
    public @Nullable DispatchQueue queue() {
        return queue;
    }

    /** The vtime that it was inserted with; 0 in a FIFO queue. */
    public long vtime() {
        return vtime;
    }

    @Override
    public String toString() {
        return "job " + id + " of " + tenant().name() + " (" + state + ")";
    }
}
