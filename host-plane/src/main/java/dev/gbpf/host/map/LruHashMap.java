package dev.gbpf.host.map;

import dev.gbpf.host.memory.NativeMemory;
import dev.gbpf.object.MapDefinition;

/**
 * A hash table that is never full: a new key takes the place of one that was not used for long.
 *
 * <p>Besides the table of {@link HashTableMap} there is one byte for each slot, 1 when the entry was looked up since the hand
 * came by.
 */
public final class LruHashMap extends HashTableMap {
    /*
     * The clock algorithm (F. J. Corbato, "A Paging Experiment with the Multics System", 1968): a hand goes around the slots; one
     * that was used loses its mark and is passed over, the first without a mark is evicted. Lookups only set a mark, and need
     * no lock. A step is bounded, so that an insertion is: after some marks the entry at the hand goes, used or not.
     */
    private static final int STEPS = 64;

    private final long marks;
    private final int capacity;
    private long hand;

    LruHashMap(MapDefinition definition, MapArena arena, Epochs epochs) {
        super(definition, arena, epochs);
        this.capacity = definition.maxEntries();
        this.marks = arena.allocate(capacity, 64).address();
    }

    /** Memory that it takes, bytes. */
    static long bytes(MapDefinition definition) {
        return HashTableMap.bytes(definition) + definition.maxEntries();
    }

    @Override
    public long lookupElem(long key) {
        long value = super.lookupElem(key);
        if (value != 0) {
            mark(slotOf(value));
        }
        return value;
    }

    private void mark(long slot) {
        // Reading first spares threads that use the same entries the traffic of writing.
        if (NativeMemory.getByte(marks + slot) == 0) {
            NativeMemory.putByte(marks + slot, (byte) 1);
        }
    }

    @Override
    void inserted(long slot) {
        NativeMemory.putByte(marks + slot, (byte) 0);
    }

    @Override
    boolean makeRoom() {
        for (int step = 0; ; step++) {
            long slot = hand;
            hand = (hand + 1) % capacity;
            // The table is full, so every slot is live.
            if (NativeMemory.getByte(marks + slot) == 0 || step == STEPS) {
                evict(slot);
                return true;
            }
            NativeMemory.putByte(marks + slot, (byte) 0);
        }
    }
}
