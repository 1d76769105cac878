package dev.gbpf.host.map;

import dev.gbpf.abi.Errno;
import dev.gbpf.host.memory.NativeMemory;
import dev.gbpf.object.MapDefinition;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The sums of what device programs have counted. Programs of the host plane read those of the last {@link #rollUp}; whenever user space
 * looks, they are rolled up first.
 *
 * <p>A sum is that of all additions since it was last set back, modulo 2^64: none is lost or counted twice, whatever else happens
 * at the same time, and also when the device begins anew. A value of several counters may show an addition to one before an
 * earlier one to another.
 */
public final class CountersMap extends ArrayMap {
    /** Where counters are. */
    @FunctionalInterface
    public interface Source {
        /**
         * Adds what was counted since it was attached first to {@code sums}, one number for each counter of the map.
         *
         * @return false when the counters are lost: the sums of the last time are all there is, and it is not asked again
         */
        boolean addTo(long[] sums);
    }

    private final int counters;
    /** Sum less what the source has counted; without a source the sums say all. */
    private final long[] base;

    private @Nullable Source source;

    CountersMap(MapDefinition definition, MapArena arena) {
        super(definition, arena);
        counters = Math.toIntExact(bytes() / Long.BYTES);
        base = new long[counters];
    }

    /** Programs only read it. */
    @Override
    public long updateElem(long key, long value, long flags) {
        return Errno.EPERM;
    }

    /**
     * From here on a device counts, and what was counted before stays. Another source is detached first.
     *
     * @param from its counters; it is asked while this map is locked
     * @throws IllegalStateException when the map is closed
     */
    public synchronized void attach(Source from) {
        if (Objects.equals(source, from)) {
            return;
        }
        try (MapArena.Lease _ = lease()) {
            rollUp();
            for (int i = 0; i < counters; i++) {
                base[i] = sum(i);
            }
            source = Objects.requireNonNull(from);
            rollUp();
        }
    }

    /** A device does not count any more; nothing happens if another one is attached by now. */
    public synchronized void detach(Source from) {
        if (Objects.equals(source, from)) {
            rollUp();
            source = null;
        }
    }

    /** Brings the sums up to date; nothing happens when the map is closed. */
    public synchronized void rollUp() {
        if (source == null) {
            return;
        }
        long[] sums = base.clone();
        if (!source.addTo(sums)) {
            source = null;
            return;
        }
        try (MapArena.Lease _ = lease()) {
            for (int i = 0; i < counters; i++) {
                NativeMemory.putLong(at(i), sums[i]);
            }
        } catch (IllegalStateException e) {
            source = null;
        }
    }

    private long at(int counter) {
        return address() + (long) counter * Long.BYTES;
    }

    private long sum(int counter) {
        return NativeMemory.getLong(at(counter));
    }

    /** User space sets the counters of a value back, by setting it to zero; nothing else is allowed. */
    @Override
    long updateByUser(long key, long value, long flags) {
        long element = lookupElem(key);
        if (element == 0) {
            return Errno.E2BIG;
        }
        boolean isZero = MemorySegment.ofAddress(value)
                        .reinterpret(definition().valueSize())
                        .mismatch(MemorySegment.ofArray(new byte[definition().valueSize()]))
                < 0;
        if (!isZero || flags == NO_EXIST || Long.compareUnsigned(flags, EXIST) > 0) {
            return flags == NO_EXIST ? Errno.EEXIST : Errno.EINVAL;
        }
        reset((int) ((element - address()) / Long.BYTES));
        return 0;
    }

    private synchronized void reset(int first) {
        rollUp();
        for (int i = first; i < first + definition().valueSize() / Long.BYTES; i++) {
            base[i] -= sum(i);
            NativeMemory.putLong(at(i), 0);
        }
    }

    /** Takes over the sums of another map of the same definition. */
    void takeSums(CountersMap from) {
        try (MapArena.Lease _ = from.lease()) {
            from.rollUp();
            for (int i = 0; i < counters; i++) {
                NativeMemory.putLong(at(i), from.sum(i));
            }
        }
    }

    @Override
    Optional<byte[]> read(MemorySegment key) {
        rollUp();
        return super.read(key);
    }

    @Override
    void visitEach(EntryWalk walk) {
        rollUp();
        super.visitEach(walk);
    }
}
