package dev.gbpf.host.map;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The memory of one map. User space takes a lease for each operation, so that none meets memory that was freed; programs need
 * none, for a map is closed only when no image runs on it.
 */
final class MapArena implements AutoCloseable {
    private final Arena arena;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    MapArena(Arena arena) {
        this.arena = arena;
    }

    /** While it is held the memory stays. */
    interface Lease extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * A lease for the caller's thread.
     *
     * @throws IllegalStateException when the map is closed
     */
    Lease lease() {
        lock.readLock().lock();
        if (closed) {
            lock.readLock().unlock();
            throw new IllegalStateException("the map is closed: its policy has dropped it");
        }
        return lock.readLock()::unlock;
    }

    /** Memory that is zero. */
    MemorySegment allocate(long bytes, int alignment) {
        return arena.allocate(bytes, alignment);
    }

    /** Frees the memory as soon as nobody has a lease. */
    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            arena.close();
            closed = true;
        } finally {
            lock.writeLock().unlock();
        }
    }
}
