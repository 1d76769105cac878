package dev.gbpf.host.map;

import dev.gbpf.object.MapDefinition;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A map in native memory, as programs and as user space see it.
 *
 * <p>Programs use the {@code ...Elem} methods, which take addresses of keys and values, give errors as
 * {@link dev.gbpf.abi.Errno} values, allocate nothing and check nothing that the verifier has proved. User space uses the
 * others.
 *
 * <p>Any thread may use a map at any time, user space even while it is being closed. An address that a program got stays valid
 * until its run ends, if the plane tells the map's {@link Epochs} of its runs. Copies of values with several numbers are one
 * version of what updates set; what programs store in place may show half.
 */
public abstract sealed class BpfMap implements AutoCloseable
        permits ArrayMap, PerCpuArrayMap, HashTableMap, KeylessMap {
    /** Update flag: create the entry or replace its value. */
    public static final long ANY = 0;
    /** Update flag: the key must be new. */
    public static final long NO_EXIST = 1;
    /** Update flag: the key must be there. */
    public static final long EXIST = 2;

    private final MapDefinition definition;
    private final MapArena arena;

    BpfMap(MapDefinition definition, MapArena arena) {
        this.definition = definition;
        this.arena = arena;
    }

    public final MapDefinition definition() {
        return definition;
    }

    public final String name() {
        return definition.name();
    }

    /** How many decision threads have values of their own; 1 when all share them. */
    public int cpus() {
        return 1;
    }

    /**
     * The map as the programs of one decision thread see it: itself, unless each thread has its own values.
     *
     * @param cpu the thread's number
     * @throws IndexOutOfBoundsException when the map was made for fewer threads
     */
    public BpfMap onCpu(int cpu) {
        return this;
    }

    /** Address of the value of the key at {@code key}, or 0. It stays valid until the run ends. */
    public abstract long lookupElem(long key);

    /** Sets the value of a key; 0 or an error. */
    public abstract long updateElem(long key, long value, long flags);

    /** Removes a key; 0 or an error. */
    public abstract long deleteElem(long key);

    /** The first slot from {@code slot} (unsigned) on that holds an entry, or an error when there is none. */
    public abstract long nextSlot(long slot);

    /** The key of the entry in a slot, as a number; 0 when there is none or it has more than 8 bytes. */
    public abstract long slotKey(long slot);

    /** Address of the value of the entry in a slot, or 0 when there is none. */
    public abstract long slotValue(long slot);

    /** How many entries there are; all of them in an array. */
    public abstract int entries();

    /** How many updates by programs and user space were refused for lack of room, or for an index out of range. */
    public abstract long failedUpdates();

    /**
     * Whether a program may reach all of {@code bytes} bytes from {@code address} on: those of one value of a hash, and all from
     * the first to the last of an array, whose direct addresses lead across elements and the padding between them.
     */
    public abstract boolean containsValue(long address, long bytes);

    /** Passes copies of all entries, in an order that depends only on the updates that were made. */
    public final void forEach(EntryVisitor visitor) {
        try (MapArena.Lease _ = arena.lease()) {
            visitEach((key, value) -> {
                visitor.visit(key, value);
                return true;
            });
        }
    }

    /** Copies of the first entries, at most {@code limit}, in the order of {@link #forEach}. */
    public final List<Entry> first(int limit) {
        List<Entry> first = new ArrayList<>();
        try (MapArena.Lease _ = arena.lease()) {
            visitEach((key, value) -> first.size() < limit && first.add(new Entry(key, value)));
        }
        return first;
    }

    /** A copy of an entry. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Entry(byte[] key, byte[] value) {}

    abstract void visitEach(EntryWalk walk);

    /** Takes copies of the entries, as long as it answers true. */
    @FunctionalInterface
    interface EntryWalk {
        boolean visit(byte[] key, byte[] value);
    }

    abstract Optional<byte[]> read(MemorySegment key);

    /** Takes copies of the entries. */
    @FunctionalInterface
    public interface EntryVisitor {
        void visit(byte[] key, byte[] value);
    }

    /**
     * A copy of the value of a key.
     *
     * @throws IllegalArgumentException when the key is not of the map's size
     */
    public final Optional<byte[]> get(byte[] key) {
        checkSize("key", key.length, definition.keySize());
        try (MapArena.Lease _ = arena.lease();
                Arena call = Arena.ofConfined()) {
            return read(copy(key, call));
        }
    }

    /** A copy of the value of a key of at most 8 bytes, given as a number. */
    public final Optional<byte[]> get(long key) {
        return get(keyBytes(key));
    }

    /**
     * Sets the value of a key.
     *
     * @param flags {@link #ANY}, {@link #NO_EXIST} or {@link #EXIST}
     * @return 0 or an error
     * @throws IllegalArgumentException when key or value are not of the map's sizes
     */
    public final long put(byte[] key, byte[] value, long flags) {
        checkSize("key", key.length, definition.keySize());
        checkSize("value", value.length, definition.valueSize());
        try (MapArena.Lease _ = arena.lease();
                Arena call = Arena.ofConfined()) {
            return updateByUser(copy(key, call).address(), copy(value, call).address(), flags);
        }
    }

    /** What an update by user space does; other than programs it may have rights of its own. */
    long updateByUser(long key, long value, long flags) {
        return updateElem(key, value, flags);
    }

    /** Sets the value of a key of at most 8 bytes, given as a number. */
    public final long put(long key, byte[] value, long flags) {
        return put(keyBytes(key), value, flags);
    }

    /**
     * Removes a key.
     *
     * @return 0 or an error
     * @throws IllegalArgumentException when the key is not of the map's size
     */
    public final long remove(byte[] key) {
        checkSize("key", key.length, definition.keySize());
        try (MapArena.Lease _ = arena.lease();
                Arena call = Arena.ofConfined()) {
            return deleteElem(copy(key, call).address());
        }
    }

    /** Removes a key of at most 8 bytes, given as a number. */
    public final long remove(long key) {
        return remove(keyBytes(key));
    }

    /** Frees the memory. No program may run on the map any more; user space finds it closed. */
    @Override
    public final void close() {
        arena.close();
    }

    /** A number as a key of this map, little-endian. */
    private byte[] keyBytes(long key) {
        int size = definition.keySize();
        if (size > Long.BYTES || (size < Long.BYTES && key >>> (size * 8) != 0)) {
            throw new IllegalArgumentException("map " + name() + ": key=" + key + " does not fit key size=" + size);
        }
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (key >>> (8 * i));
        }
        return bytes;
    }

    /** What keeps the memory while user space is in it. */
    final MapArena.Lease lease() {
        return arena.lease();
    }

    static MemorySegment copy(byte[] bytes, Arena arena) {
        MemorySegment memory = arena.allocate(bytes.length, 8);
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return memory;
    }

    final void checkSize(String what, int actual, int expected) {
        if (actual != expected) {
            throw new IllegalArgumentException(
                    "map " + name() + ": " + what + " has bytes=" + actual + ", expected " + expected);
        }
    }

    static long roundUp(long bytes, int multiple) {
        return (bytes + multiple - 1) / multiple * multiple;
    }

    @Override
    public String toString() {
        return definition.kind().keyword() + " map " + name();
    }
}
