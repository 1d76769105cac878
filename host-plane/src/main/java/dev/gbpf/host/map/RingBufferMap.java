package dev.gbpf.host.map;

import dev.gbpf.abi.Errno;
import dev.gbpf.host.memory.NativeMemory;
import dev.gbpf.object.MapDefinition;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * A ring of records that many programs write at once and user space reads in the order of their reservation.
 *
 * <pre>
 * offset                 size    field
 * 0                      8       consumed: where the next record to be read begins, in bytes since the map was made; a multiple
 *                                of 8, plus 1 while somebody takes that record out
 * 64                     8       produced: where the next record to be reserved begins, likewise
 * 128                    8       lost: records that found no room, or gave way to newer ones
 * 256 + p % size         4       header of the record at p: its length; bit 31 while its program fills it, bit 30 when it is
 *                                passed over; 0 while there is none
 *                ... + 4 4       0
 *                ... + 8 length  the record; then up to a multiple of 8
 *
 * size = maxEntries
 * </pre>
 *
 * Between {@code produced} and {@code consumed + size} all bytes are zero. The base is a multiple of 64.
 */
public final class RingBufferMap extends KeylessMap {
    /*
     * Producers move "produced" by compare-and-set, then write the header of their record; until then the header is 0, which
     * stops the reader. A record is never split: when it does not fit before the end of the ring, the rest becomes a record to
     * be passed over. Since no record takes more than half of the ring, both fit into an empty one, wherever its start is.
     *
     * Whoever takes the oldest record out (the reader, or a producer that overwrites) claims its position first, in the lowest bit
     * of "consumed", so that one of them copies or drops it, clears its bytes, and moves on. The claim is not in the header:
     * whoever is late would write to what is part of another record by then. A position is never there twice.
     */
    private static final int CONSUMED = 0;
    private static final int PRODUCED = 64;
    private static final int LOST = 128;
    private static final int RING = 256;
    private static final int HEADER = 8;
    private static final int BUSY = 1 << 31;
    private static final int DISCARDED = 1 << 30;
    private static final int LENGTH = DISCARDED - 1;
    /** Of "consumed". */
    private static final long CLAIMED = 1;

    /** Query: bytes that are not read yet. */
    public static final long AVAILABLE = 0;
    /** Query: bytes of the ring. */
    public static final long SIZE = 1;
    /** Query: bytes that were read. */
    public static final long CONSUMER_POSITION = 2;
    /** Query: bytes that were reserved. */
    public static final long PRODUCER_POSITION = 3;
    /** Query: records that were lost. */
    public static final long LOST_RECORDS = 0x10000;

    /** The flags of Linux about waking the reader. */
    private static final long KNOWN_FLAGS = 3;

    private final MemorySegment memory;
    private final long address;
    private final long ring;
    private final int size;
    private final boolean overwrite;

    RingBufferMap(MapDefinition definition, MapArena arena) {
        super(definition, arena);
        this.size = definition.maxEntries();
        this.overwrite = definition.overwrite();
        this.memory = arena.allocate(bytes(definition), 64);
        this.address = memory.address();
        this.ring = address + RING;
    }

    /** Memory that it takes, bytes. */
    static long bytes(MapDefinition definition) {
        return RING + (long) definition.maxEntries();
    }

    private static long total(long length) {
        return roundUp(length + HEADER, HEADER);
    }

    private boolean isTooLarge(long length) {
        return length < 1 || total(length) > size / 2;
    }

    /**
     * Reserves a record, all zeros, which {@link #submit} or {@link #discard} must end.
     *
     * @return its address, or 0 when there is no room, which counts as a loss, or when it takes more than half of the ring
     */
    public long reserve(long length, long flags) {
        return flags != 0 || isTooLarge(length) ? 0 : reserve(length);
    }

    private long reserve(long length) {
        long total = total(length);
        while (true) {
            long produced = NativeMemory.getLongAcquire(address + PRODUCED);
            long consumed = consumed();
            long at = produced % size;
            long skipped = total <= size - at ? 0 : size - at;
            if (produced + skipped + total - consumed > size) {
                if (overwrite && dropOldest()) {
                    continue;
                }
                NativeMemory.getAndAddLong(address + LOST, 1);
                return 0;
            }
            if (NativeMemory.compareExchangeLong(address + PRODUCED, produced, produced + skipped + total)
                    == produced) {
                if (skipped > 0) {
                    NativeMemory.putIntRelease(ring + at, (int) (skipped - HEADER) | DISCARDED);
                    at = 0;
                }
                NativeMemory.putIntRelease(ring + at, (int) length | BUSY);
                return ring + at + HEADER;
            }
        }
    }

    /** Hands a reserved record to the reader. */
    public static void submit(long record) {
        long header = record - HEADER;
        NativeMemory.putIntRelease(header, NativeMemory.getInt(header) & ~BUSY);
    }

    /** Gives a reserved record up. */
    public static void discard(long record) {
        long header = record - HEADER;
        NativeMemory.putIntRelease(header, (NativeMemory.getInt(header) & ~BUSY) | DISCARDED);
    }

    /** Copies a record into the ring; 0 or an error. */
    public long output(long data, long length, long flags) {
        if (Long.compareUnsigned(flags, KNOWN_FLAGS) > 0) {
            return Errno.EINVAL;
        }
        if (isTooLarge(length)) {
            return Errno.E2BIG;
        }
        long record = reserve(length);
        if (record == 0) {
            return Errno.EAGAIN;
        }
        NativeMemory.copy(data, record, (int) length);
        submit(record);
        return 0;
    }

    /** A number about the ring; 0 for what is none of the above. */
    public long query(long what) {
        long consumed = consumed();
        long produced = NativeMemory.getLongAcquire(address + PRODUCED);
        if (what == AVAILABLE) {
            return produced - consumed;
        } else if (what == SIZE) {
            return size;
        } else if (what == CONSUMER_POSITION) {
            return consumed;
        } else if (what == PRODUCER_POSITION) {
            return produced;
        }
        return what == LOST_RECORDS ? NativeMemory.getLongAcquire(address + LOST) : 0;
    }

    private long consumed() {
        return NativeMemory.getLongAcquire(address + CONSUMED) & ~CLAIMED;
    }

    /** Whether a header is that of a record that can be taken out. */
    private static boolean isReady(int header) {
        return header > 0;
    }

    /** Drops the oldest record; false when it is being filled or taken out. */
    private boolean dropOldest() {
        long consumed = consumed();
        int header = claim(consumed);
        if (header == 0) {
            return consumed() != consumed;
        }
        if ((header & DISCARDED) == 0) {
            NativeMemory.getAndAddLong(address + LOST, 1);
        }
        release(consumed, header);
        return true;
    }

    /** Claims the record at {@code consumed} if it is the oldest and ready: its header, or 0. */
    private int claim(long consumed) {
        int header = NativeMemory.getIntAcquire(ring + consumed % size);
        // The header of a record that is ready stays until whoever claims it clears it. A position is never there
        // twice, so
        // where the exchange succeeds nobody has claimed it since, and this was its header.
        return isReady(header)
                        && NativeMemory.compareExchangeLong(address + CONSUMED, consumed, consumed | CLAIMED)
                                == consumed
                ? header
                : 0;
    }

    /** Clears the claimed record and lets producers have its place. */
    private void release(long consumed, int header) {
        long total = total(header & LENGTH);
        NativeMemory.clear(ring + consumed % size, total);
        NativeMemory.putLongRelease(address + CONSUMED, consumed + total);
    }

    /** Takes the oldest record that is submitted out; nothing when there is none, or one before it is being filled. */
    Optional<byte[]> poll() {
        try (MapArena.Lease _ = lease()) {
            while (true) {
                long consumed = consumed();
                int header = claim(consumed);
                if (header == 0) {
                    if (consumed() == consumed) {
                        return Optional.empty();
                    }
                    // Another has taken it.
                    continue;
                }
                boolean discarded = (header & DISCARDED) != 0;
                byte[] record = discarded ? new byte[0] : record(consumed, header);
                release(consumed, header);
                if (!discarded) {
                    return Optional.of(record);
                }
            }
        }
    }

    private byte[] record(long position, int header) {
        return memory.asSlice(RING + position % size + HEADER, header & LENGTH).toArray(ValueLayout.JAVA_BYTE);
    }

    /** Records that found no room, or gave way to newer ones. */
    public long lost() {
        return query(LOST_RECORDS);
    }

    @Override
    public long failedUpdates() {
        return lost();
    }

    @Override
    public int entries() {
        int[] count = {0};
        visitEach((_, _) -> ++count[0] > 0);
        return count[0];
    }

    /** The records that can be read, the oldest first; they stay. Those that are taken out meanwhile are left out. */
    @Override
    void visitEach(EntryWalk walk) {
        long position = consumed();
        int number = 0;
        while (true) {
            int header = NativeMemory.getIntAcquire(ring + position % size);
            long produced = NativeMemory.getLongAcquire(address + PRODUCED);
            if (header == 0 || header < 0 || position >= produced) {
                return;
            }
            long total = total(header & LENGTH);
            byte[] copy = total <= size - position % size ? record(position, header) : new byte[0];
            long consumed = consumed();
            if (consumed > position) {
                position = consumed;
                continue;
            }
            if ((header & DISCARDED) == 0 && !walk.visit(position(number++), copy)) {
                return;
            }
            position += total;
        }
    }
}
