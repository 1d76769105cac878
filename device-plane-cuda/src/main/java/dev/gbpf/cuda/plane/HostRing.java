package dev.gbpf.cuda.plane;

import dev.gbpf.cuda.layout.HostRingLayout;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/**
 * Tasks of one tenant from one thread to the device: {@code struct gbpf_host_ring}. Slots are claimed, filled in, and published together;
 * the device sees them in this order. What the device has no room for stays here, so that claims give less, and then nothing:
 * that is the back-pressure.
 *
 * <p>One thread at a time may use a ring; handing it to another one takes the care that any object without locks needs. Nothing here
 * allocates.
 */
public abstract sealed class HostRing permits CompactTaskRing, FullTaskRing {
    private static final int CHECK_EVERY = 256;

    private final MemorySegment header;
    final DeviceRuntime runtime;
    private final long capacity;
    final MemorySegment slots;
    final long mask;
    /** The position of the first task that was not published. */
    long tail;
    /** Slots before this position were free when it was last looked. */
    private long taken;
    /** Claimed and not published. */
    int claimed;

    HostRing(DeviceRuntime runtime, MemorySegment header, MemorySegment slots, int capacity) {
        this.runtime = runtime;
        this.header = header;
        this.slots = slots;
        this.capacity = capacity;
        this.mask = capacity - 1L;
    }

    /** How many tasks it holds. */
    public final int capacity() {
        return (int) capacity;
    }

    /** How many tasks were published since the plane was made. */
    public final long published() {
        return tail;
    }

    /** How many of those the device took. */
    public final long taken() {
        taken = Words.acquireLong(header, HostRingLayout.TAKEN);
        return taken;
    }

    /** How many slots are claimed and not published. */
    public final int claimed() {
        return claimed;
    }

    /**
     * Claims slots, as many as are free; a claim before that was not published is forgotten.
     *
     * @param most how many are wanted, at least 0
     * @return how many may be filled in, 0 to {@code most}
     */
    public final int claim(int most) {
        long free = capacity - (tail - taken);
        if (free < most) {
            free = capacity - (tail - taken());
        }
        claimed = (int) Math.min(most, free);
        return claimed;
    }

    /**
     * Claims slots, and waits for the first one when none is free.
     *
     * @param most how many are wanted, at least 1
     * @param patience how long to wait at most
     * @return how many may be filled in, 1 to {@code most}, or 0 when there was no room in all that time
     * @throws IllegalStateException when the plane failed
     */
    public final int claim(int most, Duration patience) {
        int got = claim(most);
        if (got != 0) {
            return got;
        }
        long start = System.nanoTime();
        long ns = patience.toNanos();
        for (int turn = 0; ; turn++) {
            Words.pause(runtime.answersAtOnce(), turn);
            got = claim(most);
            if (got != 0 || System.nanoTime() - start >= ns) {
                return got;
            }
            if (turn % CHECK_EVERY == 0) {
                runtime.checkAlive();
            }
        }
    }

    /**
     * Lets the device see the first tasks of the claim; the others may still be filled in and published, and are then counted from 0.
     *
     * @throws IllegalArgumentException when fewer are claimed
     */
    public final void publish(int count) {
        if (count < 0 || count > claimed) {
            throw new IllegalArgumentException(
                    "count=" + count + " claimed=" + claimed + ": claim slots before they are published");
        }
        tail += count;
        claimed -= count;
        Words.releaseLong(header, HostRingLayout.TAIL, tail);
    }

    /** Waits until the device took everything that was published; false when it did not in that time. */
    public final boolean awaitTaken(Duration patience) {
        long start = System.nanoTime();
        long ns = patience.toNanos();
        for (int turn = 0; taken() != tail; turn++) {
            if (System.nanoTime() - start >= ns) {
                return false;
            }
            Words.pause(runtime.answersAtOnce(), turn);
            if (turn % CHECK_EVERY == 0) {
                runtime.checkAlive();
            }
        }
        return true;
    }
}
