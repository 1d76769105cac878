package dev.gbpf.cuda.table;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gbpf.abi.Helper;
import dev.gbpf.abi.MapKind;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.object.MapDefinition;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A hash or an lru_hash in device memory: {@code struct gbpf_hash} and what follows it, then room for a key and a value of the host's. The host
 * reads copies of it, while programs may change it. Its changes the control block does, since no other than the device can take the lock
 * of a bucket.
 */
public final class DeviceHash extends DeviceMap {
    private static final int WORD_SLOTS = Long.SIZE;
    /** A copy of an entry that is being changed is read again so often. */
    private static final int READS = 4;

    private final MapChanges changes;
    private final long first;
    private final int bucketBits;
    private boolean isGone;

    /** Takes memory for an empty map. */
    DeviceHash(MapDefinition definition, DeviceHeap heap, MapChanges changes) {
        super(definition, heap);
        this.changes = changes;
        this.bucketBits = Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(definition.maxEntries() - 1));
        this.first = heap.take("map " + definition.name(), bytes());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment head = arena.allocate(TableLayout.MAP);
            describe(head);
            heap.region().write(first, head);
        }
    }

    static boolean isHash(MapKind kind) {
        return kind == MapKind.HASH || kind == MapKind.LRU_HASH;
    }

    private static long padded(int bytes) {
        return (bytes + Long.BYTES - 1L) / Long.BYTES * Long.BYTES;
    }

    private long slotBytes() {
        return TableLayout.HASH_SLOT.byteSize()
                + padded(definition().keySize())
                + padded(definition().valueSize());
    }

    /** From the beginning to slot 0. */
    private long slots() {
        long words = (definition().maxEntries() + WORD_SLOTS - 1L) / WORD_SLOTS;
        return TableLayout.HASH.byteSize() + Long.BYTES * (words + (1L << bucketBits));
    }

    /** From the beginning to the room for a key. */
    private long tableBytes() {
        return slots() + slotBytes() * definition().maxEntries();
    }

    /** The binary logarithm of the number of its buckets. */
    @Override
    int cpus() {
        return bucketBits;
    }

    @Override
    long address() {
        return first;
    }

    @Override
    long bytes() {
        return tableBytes()
                + padded(definition().keySize())
                + padded(definition().valueSize());
    }

    @Override
    void free() {
        // Who changes it at this moment is done first.
        changes.alone(() -> {
            isGone = true;
            heap().give(first, bytes());
            return 0L;
        });
    }

    /**
     * Copies of the entries, slot by slot: all that are there all the time, and of those that come or go meanwhile some. A value of several
     * numbers may be half of an older one.
     */
    public List<BpfMap.Entry> entries() {
        List<BpfMap.Entry> entries = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment before = copy(arena);
            MemorySegment after = copy(arena);
            for (int slot = 0; slot < definition().maxEntries(); slot++) {
                long at = slots() + slot * slotBytes();
                if (isSame(before, after, at)) {
                    entries.add(new BpfMap.Entry(key(after, at), value(after, at)));
                }
            }
        }
        return entries;
    }

    /**
     * A copy of the value of a key.
     *
     * @throws IllegalArgumentException when the key is not of the map's size
     */
    public Optional<byte[]> get(byte[] key) {
        check("key", key, definition().keySize());
        for (int read = 1; ; read++) {
            Optional<byte[]> found = entries().stream()
                    .filter(entry -> Arrays.equals(entry.key(), key))
                    .map(BpfMap.Entry::value)
                    .findFirst();
            // One that a program removes and puts again all the time may be missed each time.
            if (found.isPresent() || read == READS || !changes.isRunning()) {
                return found;
            }
        }
    }

    private MemorySegment copy(Arena arena) {
        return changes.alone(() -> {
            checkThere();
            MemorySegment copy = arena.allocate(tableBytes(), Long.BYTES);
            heap().region().read(first, copy);
            return copy;
        });
    }

    /** Whether a slot had the same entry in two copies: then its key was not being written when the second one was made. */
    private boolean isSame(MemorySegment before, MemorySegment after, long at) {
        int generation = before.get(JAVA_INT, at + offset("generation"));
        return (generation & 1) == 1
                && generation == after.get(JAVA_INT, at + offset("generation"))
                && Arrays.equals(key(before, at), key(after, at));
    }

    private static long offset(String field) {
        return TableLayout.offset(TableLayout.HASH_SLOT, field);
    }

    private byte[] key(MemorySegment copy, long at) {
        return copy.asSlice(at + TableLayout.HASH_SLOT.byteSize(), definition().keySize())
                .toArray(JAVA_BYTE);
    }

    private byte[] value(MemorySegment copy, long at) {
        long value = at + TableLayout.HASH_SLOT.byteSize() + padded(definition().keySize());
        return copy.asSlice(value, definition().valueSize()).toArray(JAVA_BYTE);
    }

    /**
     * Sets the value of a key.
     *
     * @param flags {@link BpfMap#ANY}, {@link BpfMap#NO_EXIST} or {@link BpfMap#EXIST}
     * @return 0 or an error of {@code map_update_elem}
     * @throws IllegalArgumentException when key or value are not of the map's sizes
     * @throws IllegalStateException when no kernel runs, or the map is gone
     */
    public long put(byte[] key, byte[] value, long flags) {
        check("key", key, definition().keySize());
        check("value", value, definition().valueSize());
        return change(Helper.MAP_UPDATE_ELEM, key, value, flags);
    }

    /**
     * Removes a key.
     *
     * @return 0 or an error of {@code map_delete_elem}
     * @throws IllegalArgumentException when the key is not of the map's size
     * @throws IllegalStateException when no kernel runs, or the map is gone
     */
    public long remove(byte[] key) {
        check("key", key, definition().keySize());
        return change(Helper.MAP_DELETE_ELEM, key, new byte[0], 0);
    }

    private long change(Helper helper, byte[] key, byte[] value, long flags) {
        return changes.alone(() -> {
            checkThere();
            long keyAt = first + tableBytes();
            long valueAt = keyAt + padded(definition().keySize());
            write(keyAt, key);
            if (value.length > 0) {
                write(valueAt, value);
            }
            return changes.ask(definition().name(), new MapChanges.Change(first, helper, keyAt, valueAt, flags));
        });
    }

    private void checkThere() {
        if (isGone) {
            throw new IllegalStateException("map " + definition().name()
                    + " is gone with its policy; ask for the map of the one that was published last");
        }
    }

    /** How many updates found no room. */
    public long refused() {
        return counter("refused");
    }

    /** How many changes gave up, as others changed the same bucket all the time. */
    public long busy() {
        return counter("busy");
    }

    private long counter(String field) {
        return changes.alone(() -> {
            checkThere();
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment word = arena.allocate(Long.BYTES, Long.BYTES);
                heap().region().read(first + TableLayout.offset(TableLayout.HASH, field), word);
                return word.get(JAVA_LONG, 0);
            }
        });
    }

    private void check(String what, byte[] bytes, int expected) {
        if (bytes.length != expected) {
            throw new IllegalArgumentException("map " + definition().name() + ": " + what + " has bytes=" + bytes.length
                    + ", expected " + expected);
        }
    }
}
