package dev.gbpf.cuda.plane;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.gbpf.cuda.layout.CompactTaskLayout;
import dev.gbpf.cuda.layout.TaskFlags;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** A {@link HostRing} of tasks of 16 bytes: a function and two arguments. */
public final class CompactTaskRing extends HostRing {
    private static final int SLOT_SHIFT = 4;
    private static final int FLAGS_SHIFT = 24;
    private static final int A_SHIFT = 32;
    private static final int MOST_FUNCTION = 0xffff;

    CompactTaskRing(DeviceRuntime runtime, MemorySegment header, MemorySegment slots, int capacity) {
        super(runtime, header, slots, capacity);
    }

    /**
     * What tasks of one function have in common, for {@link #put}.
     *
     * @param function its number, 0 to 65,535
     * @param flags of {@link TaskFlags}
     */
    public static long head(int function, int flags) {
        if (function < 0 || function > MOST_FUNCTION) {
            throw new IllegalArgumentException("function=" + function + ": must be 0 to 65535");
        }
        if ((flags & ~TaskFlags.ALL) != 0 || (flags & TaskFlags.KIND) == TaskFlags.KIND) {
            throw new IllegalArgumentException(
                    "flags=" + flags + ": must be one of LANE, WARP and BLOCK, with others of TaskFlags");
        }
        return function | (long) flags << FLAGS_SHIFT;
    }

    /**
     * Fills in a slot of the claim.
     *
     * @param index 0 to one less than was claimed
     * @param head what {@link #head} gave
     * @param a first argument
     * @param b second argument; with {@link TaskFlags#NOTIFY} also the tag of the completion record
     */
    public void put(int index, long head, int a, long b) {
        Objects.checkIndex(index, claimed);
        long at = ((tail + index) & mask) << SLOT_SHIFT;
        slots.set(JAVA_LONG_UNALIGNED, at, head | (long) a << A_SHIFT);
        slots.set(JAVA_LONG_UNALIGNED, at + Long.BYTES, b);
    }

    /**
     * Publishes one task, when there is room.
     *
     * @return false when there is none
     */
    public boolean offer(long head, int a, long b) {
        if (claim(1) == 0) {
            return false;
        }
        put(0, head, a, b);
        publish(1);
        return true;
    }

    /**
     * Publishes tasks that are there already, as many as there is room for.
     *
     * @param tasks of {@code struct gbpf_compact_task}, whose tenant does not matter
     * @param from number of the first
     * @param count how many, at least 0
     * @return how many were published
     */
    public int offer(MemorySegment tasks, long from, int count) {
        int got = claim(count);
        long first = tail & mask;
        long before = Math.min(got, capacity() - first);
        long bytes = CompactTaskLayout.BYTES;
        MemorySegment.copy(tasks, from * bytes, slots, first * bytes, before * bytes);
        MemorySegment.copy(tasks, (from + before) * bytes, slots, 0, (got - before) * bytes);
        publish(got);
        return got;
    }
}
