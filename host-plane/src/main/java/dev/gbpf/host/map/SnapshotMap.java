package dev.gbpf.host.map;

import dev.gbpf.object.MapDefinition;
import java.lang.foreign.MemorySegment;

/**
 * An array of which devices have copies. The host plane's programs and user space use the array itself, and {@link #publish} takes a
 * copy of all of it, which devices then come and fetch.
 *
 * <p>A copy is of one moment as far as updates go: each value in it is one that an update, by a program or by user space, left
 * there. What programs store in place is of one moment too when no program runs meanwhile: the plane takes its copies between two
 * runs.
 */
public final class SnapshotMap extends ArrayMap {
    private static final int LOCK_BYTES = 64;

    private final MapLock lock;
    /** The newest copy. It is not in the map's memory: a device may come for it when the map is closed. */
    private final MemorySegment copy;

    private volatile long version;

    SnapshotMap(MapDefinition definition, MapArena arena) {
        super(definition, arena);
        lock = new MapLock(arena.allocate(LOCK_BYTES, LOCK_BYTES).address());
        copy = MemorySegment.ofArray(new byte[Math.toIntExact(bytes())]);
    }

    /** Memory that it takes, bytes. */
    static long bytes(MapDefinition definition) {
        return ArrayMap.bytes(definition) + LOCK_BYTES;
    }

    @Override
    public long updateElem(long key, long value, long flags) {
        lock.lock();
        try {
            return super.updateElem(key, value, flags);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes a copy, if something changed since the last one. Any thread may call it; see above for what programs store in place.
     *
     * @return whether there is a new copy
     * @throws IllegalStateException when the map is closed
     */
    public synchronized boolean publish() {
        try (MapArena.Lease _ = lease()) {
            lock.lock();
            try {
                if (copy.mismatch(memory()) < 0) {
                    return false;
                }
                copy.copyFrom(memory());
            } finally {
                lock.unlock();
            }
        }
        version++;
        return true;
    }

    /** How many copies were taken; before the first one all values of the copy are zero. */
    public long version() {
        return version;
    }

    /**
     * Fetches the newest copy.
     *
     * @param to of {@link #bytes()} bytes
     * @return which one it is, as {@link #version} counts
     */
    public synchronized long copyTo(MemorySegment to) {
        to.copyFrom(copy);
        return version;
    }
}
