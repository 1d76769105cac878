package dev.gbpf.cuda.plane;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gbpf.cuda.layout.Limits;
import dev.gbpf.cuda.layout.TaskFlags;
import dev.gbpf.cuda.layout.TaskLayout;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** A {@link HostRing} of tasks of 64 bytes: with a tag, an estimated cost, a dependency counter and four arguments. */
public final class FullTaskRing extends HostRing {
    private static final int ARGS = 4;
    /** {@code GBPF_COPY_TO_HOST}. */
    private static final long TO_HOST = 1L << 63;

    /** When the first task of the claim was filled in, by the device's clock. */
    private long submittedNs;

    FullTaskRing(DeviceRuntime runtime, MemorySegment header, MemorySegment slots, int capacity) {
        super(runtime, header, slots, capacity);
    }

    private long at(int index) {
        Objects.checkIndex(index, claimed);
        return ((tail + index) & mask) * TaskLayout.BYTES;
    }

    /**
     * Fills in a slot of the claim: what a task is. Its arguments are 0, and it counts as submitted at the device's last tick before
     * the first slot of the claim was filled in.
     *
     * @param index 0 to one less than was claimed
     * @param function its number
     * @param flags of {@link TaskFlags}
     * @param tag what its completion record names it by
     * @param counter the dependency counter that it counts down when it is done; 0: none
     * @param costNs estimated worker time, ns; 0: unknown
     */
    public void put(int index, int function, int flags, long tag, int counter, int costNs) {
        if ((flags & ~TaskFlags.ALL) != 0 || (flags & TaskFlags.KIND) == TaskFlags.KIND) {
            throw new IllegalArgumentException(
                    "flags=" + flags + ": must be one of LANE, WARP and BLOCK, with others of TaskFlags");
        }
        long at = at(index);
        if (index == 0) {
            submittedNs = runtime.deviceNs();
        }
        slots.set(JAVA_INT, at + TaskLayout.FUNCTION, function);
        slots.set(JAVA_BYTE, at + TaskLayout.KIND, (byte) (flags & TaskFlags.KIND));
        slots.set(JAVA_BYTE, at + TaskLayout.FLAGS, (byte) (flags & ~TaskFlags.KIND));
        slots.set(JAVA_INT, at + TaskLayout.COUNTER, counter);
        slots.set(JAVA_INT, at + TaskLayout.COST_NS, costNs);
        slots.set(JAVA_LONG, at + TaskLayout.SUBMITTED_NS, submittedNs);
        slots.set(JAVA_LONG, at + TaskLayout.TAG, tag);
        for (int i = 0; i < ARGS; i++) {
            slots.set(JAVA_LONG, at + TaskLayout.ARGS + i * (long) Long.BYTES, 0);
        }
    }

    /**
     * Fills in a slot of the claim with a copy, which a warp makes piece by piece, as fast as {@code dma_tick} lets it. What it has copied is
     * there when its completion record is, whose result is the number of bytes, or when the dependency counter is counted down.
     *
     * @param index 0 to one less than was claimed
     * @param flags of {@link TaskFlags} without a kind: {@code URGENT}, {@code BACKGROUND}, {@code NOTIFY}
     * @param tag what its completion record names it by
     * @param counter the dependency counter that it counts down when it is done; 0: none
     */
    public void putCopy(int index, Copy copy, int flags, long tag, int counter) {
        put(index, Limits.FUNCTION_COPY, flags | TaskFlags.WARP, tag, counter, 0);
        argument(index, 0, copy.to());
        argument(index, 1, copy.from());
        argument(index, 2, copy.bytes());
        argument(index, ARGS - 1, copy.toHost() ? TO_HOST : 0);
    }

    /**
     * Sets an argument of a slot that was filled in.
     *
     * @param argument 0 to 3
     */
    public void argument(int index, int argument, long value) {
        Objects.checkIndex(argument, ARGS);
        slots.set(JAVA_LONG, at(index) + TaskLayout.ARGS + argument * (long) Long.BYTES, value);
    }
}
