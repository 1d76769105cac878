package dev.gbpf.host.queue;

import dev.gbpf.abi.Constants;
import dev.gbpf.host.check.Checks;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One operation of a communicator: each rank has a job that does its part, in a stream of its own, and no part makes progress before
 * all of them run. What it is never changes; what became of its ranks is the plane's, and confined to the plane's thread.
 */
public final class Collective {
    private final long communicator;
    private final long operation;
    private final long bytes;
    private final long timeoutNs;
    private final @Nullable Job[] parts;
    private int entered;
    private int started;
    private int over;
    private long enteredNs;
    private long lastArrival;
    private long decider = -1;
    private int verdict;
    private @Nullable DispatchQueue meeting;
    private @Nullable Object deviceState;

    /**
     * An operation.
     *
     * @param communicator identity of the communicator
     * @param operation its number within the communicator, from 0
     * @param ranks 1 to {@link Constants#MAX_RANKS}
     * @param bytes that each rank has to send
     * @param timeoutNs how long a rank waits on the device for the others until it fails, ns, at least 1
     */
    public Collective(long communicator, long operation, int ranks, long bytes, long timeoutNs) {
        Checks.inRange("collective", "operation", operation, 0, Long.MAX_VALUE);
        Checks.inRange("collective", "ranks", ranks, 1, Constants.MAX_RANKS);
        Checks.inRange("collective", "bytes", bytes, 0, Long.MAX_VALUE);
        Checks.timeNs("collective", "timeoutNs", timeoutNs, 1);
        this.communicator = communicator;
        this.operation = operation;
        this.bytes = bytes;
        this.timeoutNs = timeoutNs;
        this.parts = new Job[ranks];
    }

    public long communicator() {
        return communicator;
    }

    public long operation() {
        return operation;
    }

    public int ranks() {
        return parts.length;
    }

    public long bytes() {
        return bytes;
    }

    public long timeoutNs() {
        return timeoutNs;
    }

    /**
     * The job of a rank enters.
     *
     * @throws IllegalArgumentException when the rank has a job already
     */
    public void entered(Job job, int rank, long nowNs) {
        Objects.checkIndex(rank, parts.length);
        if (parts[rank] != null) {
            throw new IllegalArgumentException(job + ": rank " + rank + " of " + this + " has entered already");
        }
        parts[rank] = job;
        lastArrival = Math.max(lastArrival, job.arrival());
        if (entered++ == 0) {
            enteredNs = nowNs;
        }
    }

    /** The greatest number in order of arrival of its jobs that have entered. */
    public long lastArrival() {
        return lastArrival;
    }

    /** The number of the side of the plane that decided about it; -1 when none has. */
    public long decider() {
        return decider;
    }

    /** What that side said. */
    public int verdict() {
        return verdict;
    }

    /** A side decides about it. */
    public void decided(long side, int said) {
        this.decider = side;
        this.verdict = said;
    }

    /** Its ranks wait for each other no more, as long as the same side decides. */
    public void dissolved() {
        this.verdict = 0;
        this.meeting = null;
    }

    /** The job of a rank that has entered, or null. */
    public @Nullable Job part(int rank) {
        return parts[rank];
    }

    /** Ranks that have entered. */
    public int entered() {
        return entered;
    }

    /** When the first did, ns. */
    public long enteredNs() {
        return enteredNs;
    }

    /** Ranks that went to the device, those that are over among them. */
    public int started() {
        return started;
    }

    public void partStarted() {
        started++;
    }

    /** Ranks that are over, one way or the other. */
    public int over() {
        return over;
    }

    public void partOver() {
        over++;
    }

    /** Where its ranks wait for each other; null when each goes its own way. */
    public @Nullable DispatchQueue meeting() {
        return meeting;
    }

    public void meeting(@Nullable DispatchQueue queue) {
        this.meeting = queue;
    }

    /** Whatever the device keeps for it; the plane does not look at it. */
    public @Nullable Object deviceState() {
        return deviceState;
    }

    public void deviceState(@Nullable Object state) {
        this.deviceState = state;
    }

    @Override
    public String toString() {
        return "operation " + operation + " of communicator " + communicator;
    }
}
