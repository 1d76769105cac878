package dev.gbpf.host.map;

import dev.gbpf.abi.Errno;
import dev.gbpf.host.memory.NativeMemory;
import dev.gbpf.object.MapDefinition;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * An array of values; keys are u32 indexes. Every element exists from the start and is zero, but for the first, which holds
 * the initial contents of the definition.
 *
 * <pre>
 * offset               size        field
 * i * stride           valueSize   value of element i, 0 &lt;= i &lt; maxEntries
 *
 * stride = valueSize rounded up to a multiple of 8
 * </pre>
 *
 * The base is a multiple of 64. The verifier and the device side rely on this layout.
 */
public sealed class ArrayMap extends BpfMap permits SnapshotMap, CountersMap {
    private final MemorySegment memory;
    private final long address;
    private final int capacity;
    private final int valueSize;
    private final long stride;
    private final boolean readOnly;
    private long failedUpdates;

    ArrayMap(MapDefinition definition, MapArena arena) {
        this(definition, arena, arena.allocate(bytes(definition), 64));
    }

    /** An array in a piece of memory that is zero. */
    ArrayMap(MapDefinition definition, MapArena arena, MemorySegment memory) {
        super(definition, arena);
        this.capacity = definition.maxEntries();
        this.valueSize = definition.valueSize();
        this.stride = stride(definition);
        this.memory = memory;
        this.address = memory.address();
        this.readOnly = definition.readOnly();
        byte[] initial = definition.initial().toByteArray();
        MemorySegment.copy(initial, 0, memory, ValueLayout.JAVA_BYTE, 0, initial.length);
    }

    /** Distance of one element from the next, bytes. */
    public static long stride(MapDefinition definition) {
        return roundUp(definition.valueSize(), 8);
    }

    /** Memory that an array takes, bytes. */
    static long bytes(MapDefinition definition) {
        return stride(definition) * definition.maxEntries();
    }

    /** Address of element 0. */
    public long address() {
        return address;
    }

    /** Its values and the padding between them. */
    final MemorySegment memory() {
        return memory;
    }

    /** From element 0 to the end of the last, bytes. */
    public long bytes() {
        return stride * capacity;
    }

    /** Distance of one element from the next, bytes. */
    public long stride() {
        return stride;
    }

    @Override
    public long lookupElem(long key) {
        long index = NativeMemory.getInt(key) & 0xFFFF_FFFFL;
        return index < capacity ? address + index * stride : 0;
    }

    @Override
    public long updateElem(long key, long value, long flags) {
        if (Long.compareUnsigned(flags, EXIST) > 0) {
            return Errno.EINVAL;
        }
        if (readOnly) {
            failedUpdates++;
            return Errno.EPERM;
        }
        long element = lookupElem(key);
        if (element == 0) {
            failedUpdates++;
            return Errno.E2BIG;
        }
        if (flags == NO_EXIST) {
            return Errno.EEXIST;
        }
        NativeMemory.copy(value, element, valueSize);
        return 0;
    }

    @Override
    public long deleteElem(long key) {
        return Errno.EINVAL;
    }

    @Override
    public long nextSlot(long slot) {
        return Long.compareUnsigned(slot, capacity) < 0 ? slot : Errno.ENOENT;
    }

    @Override
    public long slotKey(long slot) {
        return Long.compareUnsigned(slot, capacity) < 0 ? slot : 0;
    }

    @Override
    public long slotValue(long slot) {
        return Long.compareUnsigned(slot, capacity) < 0 ? address + slot * stride : 0;
    }

    @Override
    public int entries() {
        return capacity;
    }

    @Override
    public long failedUpdates() {
        return failedUpdates;
    }

    @Override
    public boolean containsValue(long at, long bytes) {
        long offset = at - address;
        return offset >= 0 && offset < bytes() && bytes >= 0 && bytes <= bytes() - offset;
    }

    @Override
    Optional<byte[]> read(MemorySegment key) {
        long index = key.get(NativeMemory.U32, 0) & 0xFFFF_FFFFL;
        return index < capacity ? Optional.of(element(index)) : Optional.empty();
    }

    private byte[] element(long index) {
        return memory.asSlice(index * stride, valueSize).toArray(ValueLayout.JAVA_BYTE);
    }

    @Override
    void visitEach(EntryWalk walk) {
        for (int i = 0; i < capacity; i++) {
            byte[] key = {(byte) i, (byte) (i >>> 8), (byte) (i >>> 16), (byte) (i >>> 24)};
            if (!walk.visit(key, element(i))) {
                return;
            }
        }
    }
}
