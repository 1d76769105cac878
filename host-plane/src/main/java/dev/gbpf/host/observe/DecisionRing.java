package dev.gbpf.host.observe;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.memory.NativeMemory;
import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest decisions, in a ring of native memory. One thread writes; any thread may read while it does, and gets whole records
 * only. Reading after the ring's arena was closed must not happen.
 */
public final class DecisionRing {
    /*
     * A version per record, as in a sequence lock: the writer makes it odd, writes, and makes it even; a reader copies between
     * two looks at it, and drops the copy when they differ. The writer never waits; a reader that is slow loses records.
     */
    private static final VarHandle WRITTEN;
    private static final Hook[] HOOKS = Hook.values();

    static {
        try {
            WRITTEN = MethodHandles.lookup().findVarHandle(DecisionRing.class, "written", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long base;
    private final long mask;
    private long written;

    /**
     * An empty ring.
     *
     * @param arena where its records lie
     * @param capacity records, a power of two
     */
    public DecisionRing(Arena arena, int capacity) {
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity=" + capacity + " is not a power of two");
        }
        this.base = arena.allocate((long) capacity * DecisionLayout.BYTES, DecisionLayout.BYTES)
                .address();
        this.mask = capacity - 1L;
    }

    /** Keeps a decision; see {@link Decision} for the values. Only for the writer's thread. */
    void add(long atNs, Hook hook, long image, int tenant, long job, long verdict, long durationNs) {
        long number = written;
        long at = base + (number & mask) * DecisionLayout.BYTES;
        NativeMemory.putLong(at + DecisionLayout.VERSION, 2 * number + 1);
        VarHandle.storeStoreFence();
        NativeMemory.putLong(at + DecisionLayout.AT, atNs);
        NativeMemory.putLong(at + DecisionLayout.JOB, job);
        NativeMemory.putLong(at + DecisionLayout.VERDICT, verdict);
        NativeMemory.putLong(at + DecisionLayout.TOOK, durationNs);
        NativeMemory.putLong(at + DecisionLayout.IMAGE, image);
        NativeMemory.putInt(at + DecisionLayout.TENANT, tenant);
        NativeMemory.putInt(at + DecisionLayout.HOOK, hook.ordinal());
        NativeMemory.putLongRelease(at + DecisionLayout.VERSION, 2 * number + 2);
        WRITTEN.setRelease(this, number + 1);
    }

    /** How many decisions were written in all. */
    public long written() {
        return (long) WRITTEN.getAcquire(this);
    }

    /** How many are kept. */
    public int capacity() {
        return (int) mask + 1;
    }

    /**
     * The decisions from a number on that are still there, oldest first. Those that the writer overtakes meanwhile are left out.
     *
     * @param from number of the first one wanted
     */
    public List<Decision> since(long from) {
        return between(from, Long.MAX_VALUE);
    }

    /**
     * Likewise, up to a number.
     *
     * @param from number of the first one wanted
     * @param to number of the first one that is not wanted any more
     */
    public List<Decision> between(long from, long to) {
        long end = Math.min(to, written());
        List<Decision> decisions = new ArrayList<>();
        for (long number = Math.max(from, written() - capacity()); number < end; number++) {
            Decision decision = read(number);
            if (decision != null) {
                decisions.add(decision);
            }
        }
        return decisions;
    }

    /** The newest decisions, at most {@code count}, oldest first. */
    public List<Decision> newest(int count) {
        return since(Math.max(0, written() - count));
    }

    private @Nullable Decision read(long number) {
        long at = base + (number & mask) * DecisionLayout.BYTES;
        long version = 2 * number + 2;
        if (NativeMemory.getLongAcquire(at + DecisionLayout.VERSION) != version) {
            return null;
        }
        long atNs = NativeMemory.getLong(at + DecisionLayout.AT);
        long job = NativeMemory.getLong(at + DecisionLayout.JOB);
        long verdict = NativeMemory.getLong(at + DecisionLayout.VERDICT);
        long took = NativeMemory.getLong(at + DecisionLayout.TOOK);
        long image = NativeMemory.getLong(at + DecisionLayout.IMAGE);
        int tenant = NativeMemory.getInt(at + DecisionLayout.TENANT);
        int hook = NativeMemory.getInt(at + DecisionLayout.HOOK);
        VarHandle.loadLoadFence();
        if (NativeMemory.getLongAcquire(at + DecisionLayout.VERSION) != version) {
            return null;
        }
        return new Decision(number, atNs, HOOKS[hook], image, tenant, job, verdict, took);
    }
}
