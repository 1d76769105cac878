package dev.gbpf.host.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Native memory for what comes and goes while a plane decides. Closing a shared arena has the JVM halt every thread and take the
 * one that decides out of its compiled code, which costs it some 40 us each time; what is given back here halts nobody, and is
 * used again. Safe for several threads.
 */
public final class MemoryPool {
    /** What the pool of this process keeps for further use, bytes. */
    public static final long DEFAULT_KEPT_BYTES = 64L << 20;

    private static final long SMALLEST_BYTES = 4L << 10;

    /** A block is at most a part of this larger than what it was taken for. */
    private static final int SIZES_PER_DOUBLING = 8;

    private static final MemoryPool SHARED = new MemoryPool(DEFAULT_KEPT_BYTES);

    private final long limitBytes;
    private final Map<Long, Deque<Block>> free = new HashMap<>();
    private long keptBytes;

    /** Memory in an arena of its own, which is closed when nobody will want it again. */
    private record Block(Arena arena, MemorySegment memory) {}

    /**
     * An empty pool.
     *
     * @param limitBytes what it keeps for further use at most, bytes; what is more is freed at once
     */
    public MemoryPool(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** The pool of this process. */
    public static MemoryPool shared() {
        return SHARED;
    }

    /**
     * An arena whose memory comes from here, and goes back when it is closed. Its segments are not checked: whoever closes it
     * sees to it that nobody uses them any more. To allocate from it is for one thread at a time, to use and to close it for any.
     */
    public Arena arena() {
        return new PooledArena();
    }

    /** What waits for further use, bytes. */
    public synchronized long keptBytes() {
        return keptBytes;
    }

    private static long rounded(long bytes) {
        long step = Math.max(SMALLEST_BYTES, Long.highestOneBit(bytes) / SIZES_PER_DOUBLING);
        return Math.ceilDiv(bytes, step) * step;
    }

    private Block take(long bytes) {
        long size = rounded(bytes);
        Block used = takeUsed(size);
        if (used != null) {
            used.memory().fill((byte) 0);
            return used;
        }
        Arena arena = Arena.ofShared();
        try {
            return new Block(arena, arena.allocate(size));
        } catch (OutOfMemoryError e) {
            arena.close();
            throw e;
        }
    }

    private synchronized @Nullable Block takeUsed(long size) {
        Deque<Block> blocks = free.get(size);
        if (blocks == null) {
            return null;
        }
        Block block = blocks.removeFirst();
        if (blocks.isEmpty()) {
            free.remove(size);
        }
        keptBytes -= size;
        return block;
    }

    private void give(Block block) {
        if (!keep(block)) {
            block.arena().close();
        }
    }

    private synchronized boolean keep(Block block) {
        long size = block.memory().byteSize();
        if (keptBytes + size > limitBytes) {
            return false;
        }
        free.computeIfAbsent(size, _ -> new ArrayDeque<>()).addFirst(block);
        keptBytes += size;
        return true;
    }

    private final class PooledArena implements Arena {
        private final List<Block> blocks = new ArrayList<>();
        private long next;
        private long end;
        private boolean closed;

        @Override
        public MemorySegment allocate(long bytes, long alignment) {
            if (bytes < 0 || alignment <= 0 || Long.bitCount(alignment) != 1) {
                throw new IllegalArgumentException("bytes=" + bytes + " at alignment=" + alignment + " cannot be had");
            }
            if (closed) {
                throw new IllegalStateException("the arena is closed");
            }
            long address = next + alignment - 1 & -alignment;
            if (blocks.isEmpty() || end - address < bytes) {
                Block block = take(Math.addExact(bytes, alignment));
                blocks.add(block);
                end = block.memory().address() + block.memory().byteSize();
                address = block.memory().address() + alignment - 1 & -alignment;
            }
            next = address + bytes;
            return NativeMemory.all().asSlice(address, bytes);
        }

        @Override
        public MemorySegment.Scope scope() {
            return NativeMemory.all().scope();
        }

        @Override
        public void close() {
            if (closed) {
                throw new IllegalStateException("the arena is closed");
            }
            closed = true;
            blocks.forEach(MemoryPool.this::give);
            blocks.clear();
        }
    }
}
