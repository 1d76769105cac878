package dev.gbpf.host.map;

import dev.gbpf.abi.Errno;
import dev.gbpf.host.memory.NativeMemory;
import dev.gbpf.object.MapDefinition;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * A hash table of keys and values of any fixed sizes, with all memory taken at its creation. The value of an entry stays where
 * it is while the entry lives; after a deletion its place goes to the next new key.
 *
 * <pre>
 * offset                        size        field
 * 4 * b                         4           first entry of bucket b, 0 &lt;= b &lt; buckets; 0 when there is none
 * entries + i * entrySize       4           next entry of the bucket (or free list); 0 at the end
 *                     ... + 4   4           tag: bit 31 set while the entry lives, the rest is from the hash of its key
 *                     ... + 8   keySize     key
 *     ... + 8 + keySize'        valueSize   value
 *
 * buckets   = maxEntries rounded up to a power of two
 * entries   = 4 * buckets rounded up to a multiple of 64
 * keySize'  = keySize rounded up to a multiple of 8, valueSize' likewise
 * entrySize = 8 + keySize' + valueSize'
 * </pre>
 *
 * An entry is referred to by its offset divided by 8. The base is a multiple of 64.
 */
public final class HashTableMap extends BpfMap {
    /*
     * Separate chaining with at most one entry per bucket on average. Entries are taken in order from the start of the table,
     * then from the free list, last freed first: the order of iteration follows from the history alone.
     *
     * A reader on another thread may walk from one list into another while the writer moves an entry. It then misses a key
     * or stops early; the walk is bounded by the number of entries, so that it always ends.
     */
    private static final int NEXT = 0;
    private static final int TAG = 4;
    private static final int KEY = 8;
    private static final int LIVE = 1 << 31;
    private static final int UNIT_SHIFT = 3;

    private final MemorySegment memory;
    private final long address;
    private final int keySize;
    private final int valueSize;
    private final int capacity;
    private final int bucketShift;
    private final int entrySize;
    private final int valueOffset;
    private final long firstEntry;

    /** Entries that were ever in use are below this offset. */
    private long fresh;
    /** Offset divided by 8 of the last freed entry, 0 when there is none. */
    private int free;

    private int size;
    private long failedUpdates;

    HashTableMap(MapDefinition definition, MapArena arena) {
        super(definition, arena);
        this.keySize = definition.keySize();
        this.valueSize = definition.valueSize();
        this.capacity = definition.maxEntries();
        this.bucketShift = Long.SIZE - bucketBits(capacity);
        this.valueOffset = KEY + (int) roundUp(keySize, 8);
        this.entrySize = entrySize(definition);
        this.firstEntry = firstEntry(definition);
        this.memory = arena.allocate(bytes(definition), 64);
        this.address = memory.address();
        this.fresh = firstEntry;
    }

    /** At least 1, since a shift by 64 would be one by 0. */
    private static int bucketBits(int capacity) {
        return Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(capacity - 1));
    }

    private static long firstEntry(MapDefinition definition) {
        return roundUp(4L << bucketBits(definition.maxEntries()), 64);
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
        int entry = find(NativeMemory.all(), address, key, KeyHash.of(key, keySize));
        return entry == 0 ? 0 : address + offset(entry) + valueOffset;
    }

    private static long offset(int entry) {
        return (entry & 0xFFFF_FFFFL) << UNIT_SHIFT;
    }

    private long bucket(long hash) {
        return (hash >>> bucketShift) << 2;
    }

    /** The entry of a key, or 0. */
    private int find(MemorySegment all, long base, long key, long hash) {
        int entry = all.get(NativeMemory.U32, base + bucket(hash));
        int tag = (int) hash | LIVE;
        for (int steps = capacity; entry != 0 && steps > 0; steps--) {
            long at = base + offset(entry);
            if (all.get(NativeMemory.U32, at + TAG) == tag && KeyHash.same(all, at + KEY, key, keySize)) {
                return entry;
            }
            entry = all.get(NativeMemory.U32, at + NEXT);
        }
        return 0;
    }

    @Override
    public long updateElem(long key, long value, long flags) {
        if (Long.compareUnsigned(flags, EXIST) > 0) {
            return Errno.EINVAL;
        }
        long hash = KeyHash.of(key, keySize);
        int entry = find(NativeMemory.all(), address, key, hash);
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
        if (size == capacity) {
            failedUpdates++;
            return Errno.E2BIG;
        }
        insert(key, value, hash);
        return 0;
    }

    private void insert(long key, long value, long hash) {
        int entry = free;
        if (entry != 0) {
            free = NativeMemory.getInt(address + offset(entry) + NEXT);
        } else {
            entry = (int) (fresh >>> UNIT_SHIFT);
            fresh += entrySize;
        }
        long at = address + offset(entry);
        long head = address + bucket(hash);
        NativeMemory.copy(key, at + KEY, keySize);
        NativeMemory.copy(value, at + valueOffset, valueSize);
        NativeMemory.putInt(at + TAG, (int) hash | LIVE);
        NativeMemory.putInt(at + NEXT, NativeMemory.getInt(head));
        NativeMemory.putInt(head, entry);
        size++;
    }

    @Override
    public long deleteElem(long key) {
        long hash = KeyHash.of(key, keySize);
        int entry = find(NativeMemory.all(), address, key, hash);
        if (entry == 0) {
            return Errno.ENOENT;
        }
        long link = address + bucket(hash);
        while (NativeMemory.getInt(link) != entry) {
            link = address + offset(NativeMemory.getInt(link)) + NEXT;
        }
        long at = address + offset(entry);
        NativeMemory.putInt(link, NativeMemory.getInt(at + NEXT));
        NativeMemory.putInt(at + TAG, 0);
        NativeMemory.putInt(at + NEXT, free);
        free = entry;
        size--;
        return 0;
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
    private boolean isLive(long slot) {
        return NativeMemory.getInt(slotAddress(slot) + TAG) < 0;
    }

    private long slotAddress(long slot) {
        return address + firstEntry + slot * entrySize;
    }

    @Override
    public int entries() {
        return size;
    }

    @Override
    public long failedUpdates() {
        return failedUpdates;
    }

    @Override
    public boolean containsValue(long at, long bytes) {
        long offset = at - address - firstEntry;
        if (offset < 0 || at - address >= fresh || bytes < 0) {
            return false;
        }
        long inEntry = offset % entrySize;
        boolean live = NativeMemory.getInt(at - inEntry + TAG) < 0;
        return live && inEntry >= valueOffset && bytes <= valueOffset + valueSize - inEntry;
    }

    @Override
    Optional<byte[]> read(MemorySegment key) {
        long keyAddress = key.address();
        int entry = find(memory, 0, keyAddress, KeyHash.of(keyAddress, keySize));
        return entry == 0 ? Optional.empty() : Optional.of(copy(offset(entry) + valueOffset, valueSize));
    }

    private byte[] copy(long offset, int bytes) {
        return memory.asSlice(offset, bytes).toArray(ValueLayout.JAVA_BYTE);
    }

    @Override
    void visitEach(EntryVisitor visitor) {
        long end = fresh;
        for (long at = firstEntry; at < end; at += entrySize) {
            if (memory.get(NativeMemory.U32, at + TAG) < 0) {
                visitor.visit(copy(at + KEY, keySize), copy(at + valueOffset, valueSize));
            }
        }
    }
}
