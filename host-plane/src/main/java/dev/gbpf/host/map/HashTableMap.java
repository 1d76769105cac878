package dev.gbpf.host.map;

import dev.gbpf.abi.Errno;
import dev.gbpf.host.memory.NativeMemory;
import dev.gbpf.object.MapDefinition;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A hash table of keys and values of any fixed sizes, with all memory taken at its creation, for any number of threads. The
 * value of an entry stays where it is while the entry lives; after a deletion its place goes to another key only when every run
 * that may know its address has ended.
 *
 * <pre>
 * offset                         size        field
 * 0                              4           lock, 1 while somebody changes the table
 * 4                              4           version, odd while the table or a value is being changed
 * 64 + 4 * b                     4           first entry of bucket b, 0 &lt;= b &lt; buckets; 0 when there is none
 * entries + i * entrySize        4           next entry of the bucket; 0 at the end
 *                     ... + 4    4           tag: bit 31 set while the entry lives, the rest is from the hash of its key;
 *                                            of a dead one the low 31 bits of the number of the thread that deleted it
 *                     ... + 8    4           of a dead entry: the next dead one, 0 at the end
 *                     ... + 12   4           of a dead entry: the epoch from which on nobody can know it
 *                     ... + 16   keySize     key
 *     ... + 16 + keySize'        valueSize   value
 *
 * buckets   = maxEntries rounded up to a power of two
 * entries   = 64 + 4 * buckets rounded up to a multiple of 64
 * keySize'  = keySize rounded up to a multiple of 8, valueSize' likewise
 * entrySize = 16 + keySize' + valueSize'
 * </pre>
 *
 * An entry is referred to by its offset divided by 8. The base is a multiple of 64.
 */
public sealed class HashTableMap extends BpfMap permits LruHashMap {
    /*
     * Separate chaining with at most one entry per bucket on average. Writers have the lock; lookups of programs take none: an
     * entry is complete before it is linked, a dead one keeps its link, and no entry is used again while a run that may be
     * walking over it goes on. Entries are taken from the dead ones, last deleted first, then in order from the start of
     * the table: the order of iteration follows from the history alone, as long as one thread makes it.
     *
     * User space is in no epoch. It copies, and then looks whether the version has changed meanwhile; its walks are bounded
     * by the number of entries, since they may be led from one chain into another.
     */
    private static final int LOCK = 0;
    private static final int VERSION = 4;
    private static final int BUCKETS = 64;
    private static final int NEXT = 0;
    private static final int TAG = 4;
    private static final int DEAD_NEXT = 8;
    private static final int DEAD_SINCE = 12;
    private static final int KEY = 16;
    private static final int LIVE = 1 << 31;
    private static final int UNIT_SHIFT = 3;
    /** How many dead entries are tried for one that nobody knows any more. */
    private static final int DEAD_TRIED = 64;
    /** How often user space copies without the lock before it takes it. */
    private static final int OPTIMISTIC_READS = 16;

    private final MemorySegment memory;
    private final long address;
    private final int keySize;
    private final int valueSize;
    private final int capacity;
    private final int bucketShift;
    private final int entrySize;
    private final int valueOffset;
    private final long firstEntry;
    private final MapLock lock;
    private final Epochs epochs;

    // Changed under the lock.
    /** Entries that were ever in use are below this offset. */
    private volatile long fresh;
    /** Offset divided by 8 of the entry that died last, 0 when there is none. */
    private int dead;

    private int size;
    private long failedUpdates;

    HashTableMap(MapDefinition definition, MapArena arena, Epochs epochs) {
        super(definition, arena);
        this.epochs = epochs;
        this.keySize = definition.keySize();
        this.valueSize = definition.valueSize();
        this.capacity = definition.maxEntries();
        this.bucketShift = Long.SIZE - bucketBits(capacity);
        this.valueOffset = KEY + (int) roundUp(keySize, 8);
        this.entrySize = entrySize(definition);
        this.firstEntry = firstEntry(definition);
        this.memory = arena.allocate(bytes(definition), 64);
        this.address = memory.address();
        this.lock = new MapLock(address + LOCK);
        this.fresh = firstEntry;
    }

    /** At least 1, since a shift by 64 would be one by 0. */
    private static int bucketBits(int capacity) {
        return Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(capacity - 1));
    }

    private static long firstEntry(MapDefinition definition) {
        return roundUp(BUCKETS + (4L << bucketBits(definition.maxEntries())), 64);
    }

    private static int entrySize(MapDefinition definition) {
        return KEY + (int) roundUp(definition.keySize(), 8) + (int) roundUp(definition.valueSize(), 8);
    }

    /** Memory that a table takes, bytes. */
    static long bytes(MapDefinition definition) {
        return firstEntry(definition) + (long) entrySize(definition) * definition.maxEntries();
    }

    @Override
    public long lookupElem(long key) {
        int entry = find(key, KeyHash.of(key, keySize));
        return entry == 0 ? 0 : address + offset(entry) + valueOffset;
    }

    private static long offset(int entry) {
        return (entry & 0xFFFF_FFFFL) << UNIT_SHIFT;
    }

    private long bucket(long hash) {
        return address + BUCKETS + ((hash >>> bucketShift) << 2);
    }

    /** The entry of a key, or 0. */
    private int find(long key, long hash) {
        int entry = NativeMemory.getIntAcquire(bucket(hash));
        int tag = (int) hash | LIVE;
        for (int steps = capacity; entry != 0 && steps > 0; steps--) {
            long at = address + offset(entry);
            if (NativeMemory.getIntAcquire(at + TAG) == tag
                    && KeyHash.same(NativeMemory.all(), at + KEY, key, keySize)) {
                return entry;
            }
            entry = NativeMemory.getIntAcquire(at + NEXT);
        }
        return 0;
    }

    @Override
    public long updateElem(long key, long value, long flags) {
        if (Long.compareUnsigned(flags, EXIST) > 0) {
            return Errno.EINVAL;
        }
        long hash = KeyHash.of(key, keySize);
        beginChange();
        try {
            return update(key, value, flags, hash);
        } finally {
            endChange();
        }
    }

    private long update(long key, long value, long flags, long hash) {
        int entry = find(key, hash);
        if (entry != 0) {
            if (flags == NO_EXIST) {
                return Errno.EEXIST;
            }
            NativeMemory.copy(value, address + offset(entry) + valueOffset, valueSize);
            return 0;
        }
        if (flags == EXIST) {
            return Errno.ENOENT;
        }
        int place = size < capacity || makeRoom() ? place() : 0;
        if (place == 0) {
            failedUpdates++;
            return Errno.E2BIG;
        }
        insert(place, key, value, hash);
        return 0;
    }

    private void beginChange() {
        lock.lock();
        NativeMemory.putInt(address + VERSION, NativeMemory.getInt(address + VERSION) + 1);
        VarHandle.storeStoreFence();
    }

    private void endChange() {
        NativeMemory.putIntRelease(address + VERSION, NativeMemory.getInt(address + VERSION) + 1);
        lock.unlock();
    }

    /** Makes a full table have room, by the lock's holder; false when it does not do that. */
    boolean makeRoom() {
        return false;
    }

    /** An entry that nobody knows, or 0. */
    private int place() {
        int before = 0;
        int entry = dead;
        for (int tried = 0; entry != 0 && tried < DEAD_TRIED; tried++) {
            long at = address + offset(entry);
            int next = NativeMemory.getInt(at + DEAD_NEXT);
            boolean isOwn = NativeMemory.getInt(at + TAG) == thread();
            if (epochs.havePassed(NativeMemory.getInt(at + DEAD_SINCE), isOwn)) {
                if (before == 0) {
                    dead = next;
                } else {
                    NativeMemory.putInt(address + offset(before) + DEAD_NEXT, next);
                }
                return entry;
            }
            before = entry;
            entry = next;
        }
        long at = fresh;
        if (at == firstEntry + (long) capacity * entrySize) {
            return 0;
        }
        fresh = at + entrySize;
        return (int) (at >>> UNIT_SHIFT);
    }

    /** The calling thread in 31 bits. */
    private static int thread() {
        return (int) Thread.currentThread().threadId() & ~LIVE;
    }

    private void insert(int entry, long key, long value, long hash) {
        long at = address + offset(entry);
        long head = bucket(hash);
        NativeMemory.copy(key, at + KEY, keySize);
        NativeMemory.copy(value, at + valueOffset, valueSize);
        NativeMemory.putInt(at + NEXT, NativeMemory.getInt(head));
        NativeMemory.putIntRelease(at + TAG, (int) hash | LIVE);
        NativeMemory.putIntRelease(head, entry);
        size++;
        inserted(slot(entry));
    }

    /** A new entry has this slot. */
    void inserted(long slot) {}

    @Override
    public long deleteElem(long key) {
        long hash = KeyHash.of(key, keySize);
        beginChange();
        try {
            int entry = find(key, hash);
            if (entry == 0) {
                return Errno.ENOENT;
            }
            unlink(entry, hash);
            return 0;
        } finally {
            endChange();
        }
    }

    private void unlink(int entry, long hash) {
        long link = bucket(hash);
        while (NativeMemory.getInt(link) != entry) {
            link = address + offset(NativeMemory.getInt(link)) + NEXT;
        }
        long at = address + offset(entry);
        NativeMemory.putIntRelease(link, NativeMemory.getInt(at + NEXT));
        NativeMemory.putIntRelease(at + TAG, thread());
        NativeMemory.putInt(at + DEAD_SINCE, epochs.giveUp());
        NativeMemory.putInt(at + DEAD_NEXT, dead);
        dead = entry;
        size--;
    }

    /** Removes the live entry of a slot, by the lock's holder. */
    final void evict(long slot) {
        long at = slotAddress(slot);
        unlink((int) ((at - address) >>> UNIT_SHIFT), KeyHash.of(at + KEY, keySize));
    }

    @Override
    public long nextSlot(long slot) {
        long used = (fresh - firstEntry) / entrySize;
        for (long at = slot; Long.compareUnsigned(at, used) < 0; at++) {
            if (isLive(at)) {
                return at;
            }
        }
        return Errno.ENOENT;
    }

    @Override
    public long slotKey(long slot) {
        if (keySize > Long.BYTES || !isInUse(slot)) {
            return 0;
        }
        long at = slotAddress(slot) + KEY;
        long key = 0;
        for (int i = keySize - 1; i >= 0; i--) {
            key = key << Byte.SIZE | (NativeMemory.getByte(at + i) & 0xFF);
        }
        return key;
    }

    @Override
    public long slotValue(long slot) {
        return isInUse(slot) ? slotAddress(slot) + valueOffset : 0;
    }

    private boolean isInUse(long slot) {
        return Long.compareUnsigned(slot, (fresh - firstEntry) / entrySize) < 0 && isLive(slot);
    }

    /** Whether a slot that was in use before holds an entry now. */
    final boolean isLive(long slot) {
        return NativeMemory.getIntAcquire(slotAddress(slot) + TAG) < 0;
    }

    private long slotAddress(long slot) {
        return address + firstEntry + slot * entrySize;
    }

    private long slot(int entry) {
        return (offset(entry) - firstEntry) / entrySize;
    }

    /** The slot of a value's address. */
    final long slotOf(long value) {
        return (value - address - firstEntry) / entrySize;
    }

    @Override
    public int entries() {
        lock.lock();
        try {
            return size;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long failedUpdates() {
        lock.lock();
        try {
            return failedUpdates;
        } finally {
            lock.unlock();
        }
    }

    /** Dead entries too: a run may know them to its end. */
    @Override
    public boolean containsValue(long at, long bytes) {
        long offset = at - address - firstEntry;
        if (offset < 0 || at - address >= fresh || bytes < 0) {
            return false;
        }
        long inEntry = offset % entrySize;
        return inEntry >= valueOffset && bytes <= valueOffset + valueSize - inEntry;
    }

    /** Reads the same version of the table from beginning to end. */
    private <T> T consistently(Supplier<T> read) {
        for (int attempt = 0; attempt < OPTIMISTIC_READS; attempt++) {
            int version = NativeMemory.getIntAcquire(address + VERSION);
            if ((version & 1) == 0) {
                T result = read.get();
                VarHandle.acquireFence();
                if (NativeMemory.getInt(address + VERSION) == version) {
                    return result;
                }
            }
            Thread.onSpinWait();
        }
        lock.lock();
        try {
            return read.get();
        } finally {
            lock.unlock();
        }
    }

    @Override
    Optional<byte[]> read(MemorySegment key) {
        long keyAddress = key.address();
        long hash = KeyHash.of(keyAddress, keySize);
        return consistently(() -> {
            int entry = find(keyAddress, hash);
            return entry == 0 ? Optional.empty() : Optional.of(copy(offset(entry) + valueOffset, valueSize));
        });
    }

    private byte[] copy(long offset, int bytes) {
        return memory.asSlice(offset, bytes).toArray(ValueLayout.JAVA_BYTE);
    }

    @Override
    void visitEach(EntryWalk walk) {
        for (long slot = nextSlot(0); slot >= 0; slot = nextSlot(slot + 1)) {
            long at = slotAddress(slot) - address;
            long number = slot;
            Optional<List<byte[]>> entry = consistently(() -> isLive(number)
                    ? Optional.of(List.of(copy(at + KEY, keySize), copy(at + valueOffset, valueSize)))
                    : Optional.empty());
            if (entry.isPresent()
                    && !walk.visit(entry.get().getFirst(), entry.get().getLast())) {
                return;
            }
        }
    }
}
