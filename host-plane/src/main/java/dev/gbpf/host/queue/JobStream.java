package dev.gbpf.host.queue;

import org.jspecify.annotations.Nullable;

/**
 * A sequence of jobs that the device must run in the order in which they were submitted, like a CUDA stream. The plane keeps
 * the jobs that it has not handed to the device yet; the device keeps its own part in {@link #deviceState()}.
 *
 * <p>Confined to the plane's thread.
 */
public final class JobStream {
    private final long id;
    private Tenant tenant;
    private @Nullable Job first;
    private @Nullable Job last;
    private @Nullable Object deviceState;
    private int onDevice;

    public JobStream(long id, Tenant tenant) {
        this.id = id;
        this.tenant = tenant;
    }

    public long id() {
        return id;
    }

    public Tenant tenant() {
        return tenant;
    }

    /** Its tenant has other terms from here on. */
    public void tenant(Tenant changed) {
        if (changed.index() != tenant.index()) {
            throw new IllegalArgumentException("stream " + id + " of tenant " + tenant.name() + ": index="
                    + changed.index() + ", expected " + tenant.index());
        }
        tenant = changed;
    }

    /** The oldest job that has not gone to the device, or null. */
    public @Nullable Job first() {
        return first;
    }

    /** How many of its jobs the device holds. */
    public int onDevice() {
        return onDevice;
    }

    /** One of its jobs goes to the device. */
    public void started() {
        onDevice++;
    }

    /** The device does not hold one of its jobs any more. */
    public void ended() {
        onDevice--;
    }

    /** Whatever the device keeps for this stream; the plane does not look at it. */
    public @Nullable Object deviceState() {
        return deviceState;
    }

    public void deviceState(@Nullable Object state) {
        this.deviceState = state;
    }

    /** Adds a job behind all others. */
    public void append(Job job) {
        if (last == null) {
            first = job;
        } else {
            last.streamNext = job;
            job.streamPrevious = last;
            job.behindMemory = last.behindMemory || last.needsMemory();
            job.behindMeeting = last.behindMeeting || last.meets;
        }
        last = job;
    }

    /** Takes a job back that had gone to the device: it is older than all others, and has its memory. */
    public void prepend(Job job) {
        job.streamNext = first;
        job.behindMemory = false;
        job.behindMeeting = false;
        if (first == null) {
            last = job;
        } else {
            first.streamPrevious = job;
        }
        first = job;
    }

    /** Takes a job out, wherever it stands: it goes to the device, or it was rejected. */
    public void remove(Job job) {
        Job next = job.streamNext;
        if (job.streamPrevious == null) {
            first = next;
        } else {
            job.streamPrevious.streamNext = next;
        }
        if (next == null) {
            last = job.streamPrevious;
        } else {
            next.streamPrevious = job.streamPrevious;
        }
        job.streamNext = null;
        job.streamPrevious = null;
        if (job.needsMemory() && !job.behindMemory) {
            freeOfMemory(next);
        }
    }

    /** A job of this stream waits for the other ranks of its operation: those after it cannot go before it. */
    static void meets(Job job) {
        job.meets = true;
        for (Job later = job.streamNext; later != null && !later.behindMeeting; later = later.streamNext) {
            behindMeeting(later, true);
        }
    }

    /** It waits for them no more. */
    static void meetsNoMore(Job job) {
        job.meets = false;
        if (!job.behindMeeting) {
            for (Job later = job.streamNext; later != null; later = later.meets ? null : later.streamNext) {
                behindMeeting(later, false);
            }
        }
    }

    private static void behindMeeting(Job job, boolean behind) {
        DispatchQueue queue = job.queue;
        if (queue == null) {
            job.behindMeeting = behind;
        } else {
            queue.behindMeeting(job, behind);
        }
    }

    /** The jobs from {@code from} on stand behind none that needs memory any more, up to the next that does itself. */
    private static void freeOfMemory(@Nullable Job from) {
        for (Job job = from; job != null; job = job.needsMemory() ? null : job.streamNext) {
            DispatchQueue queue = job.queue;
            if (queue == null) {
                job.behindMemory = false;
            } else {
                queue.freeOfMemory(job);
            }
        }
    }
}
